import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DescribeTableCommand,
  paginateScan,
  ResourceNotFoundException,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import type { Clock } from "../shared/clock.ts";

export type TimeToLive = {
  /** By table, the attribute that has the epoch second of an item's end. */
  attributes: Map<string, string>;
  /** Resolves when the sweep that is under way is done, or at once if none is. */
  swept(): Promise<void>;
  /** Ends the sweeps. Resolves when the last is done. */
  close(): Promise<void>;
};

const sweepMilliseconds = 60_000;

/**
 * Deletes expired items once a minute. AWS deletes them "typically within a few days", so that every
 * read has to leave expired items out itself.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
export function timeToLive(client: DynamoDBClient, clock: Clock): TimeToLive {
  const attributes = new Map<string, string>();
  let sweeping: Promise<void> | undefined;
  let timer = clock.after(sweepMilliseconds, tick);

  function tick() {
    timer = clock.after(sweepMilliseconds, tick);
    sweeping ??= sweep().finally(() => (sweeping = undefined));
  }

  async function sweep() {
    for (const [table, attribute] of attributes) {
      try {
        await deleteExpired(client, clock, table, attribute);
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
        attributes.delete(table);
      }
    }
  }

  return {
    attributes,
    swept: async () => sweeping,
    async close() {
      timer.cancel();
      await sweeping;
    },
  };
}

async function deleteExpired(
  client: DynamoDBClient,
  clock: Clock,
  table: string,
  attribute: string,
): Promise<void> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
  const keys = Table?.KeySchema?.flatMap(({ AttributeName }) => AttributeName ?? []) ?? [];
  const now = Math.floor(clock.now() / 1000);
  // A comparison between types is false, so that an item whose attribute is not a Number never expires.
  const expired = {
    TableName: table,
    ExpressionAttributeNames: { "#end": attribute },
    ExpressionAttributeValues: { ":now": { N: String(now) } },
  };
  for await (const { Items = [] } of paginateScan(
    { client },
    { ...expired, FilterExpression: "#end < :now" },
  )) {
    for (const item of Items) {
      const Key = Object.fromEntries(Object.entries(item).filter(([name]) => keys.includes(name)));
      // The item may have got a later end since it was read.
      const command = new DeleteItemCommand({
        ...expired,
        Key,
        ConditionExpression: "#end < :now",
      });
      await client.send(command).catch((error: unknown) => {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      });
    }
  }
}
