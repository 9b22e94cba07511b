import {
  QueryCommand,
  type AttributeValue,
  type QueryCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { Table } from "../aws/table.ts";
import { toConnection, type Connection } from "./connection.ts";
import { liveItems, subscriptionKey } from "./keys.ts";
import type { Range } from "./range.ts";

/** A connection that is subscribed to a channel, or to a prefix. */
export type Subscriber = Connection & {
  /** Where its subscription is: `<channel>#<shard>`. */
  shardKey: string;
};

/** A part of a shard. */
type Part = Pick<Range, "after" | "upTo">;

/** Some subscribers of a shard, and the last of them where there may be more. */
type Page = { subscribers: Subscriber[]; last: string | undefined };

/** Reads the first `max` subscribers in a part of a shard, or fewer. */
export async function readPage(
  table: Table,
  shardKey: string,
  part: Part,
  max: number,
): Promise<Page> {
  // One more shows whether there is a rest: a page that is full ends with a key in any case.
  const query = { ...partQuery(table, shardKey, part), Limit: max + 1 };
  const { Items = [], LastEvaluatedKey } = await table.client.send(new QueryCommand(query));
  const last = Items.length > max ? Items[max - 1] : LastEvaluatedKey;
  return {
    subscribers: Items.slice(0, max).map((item) => toSubscriber(shardKey, item)),
    last: last?.sk?.S,
  };
}

/** Returns the last connection that has a row in a shard. */
export async function lastOf(table: Table, shardKey: string): Promise<string | undefined> {
  const query = { ...liveItems(table, subscriptionKey(shardKey, "").pk), ScanIndexForward: false };
  const { Items, LastEvaluatedKey } = await table.client.send(
    new QueryCommand({ ...query, Limit: 1 }),
  );
  return (Items?.[0] ?? LastEvaluatedKey)?.sk?.S;
}

export function toSubscriber(shardKey: string, item: Record<string, AttributeValue>): Subscriber {
  return { ...toConnection(item.sk?.S ?? "", item), shardKey };
}

function partQuery(table: Table, shardKey: string, { after, upTo }: Part): QueryCommandInput {
  const live = liveItems(table, subscriptionKey(shardKey, "").pk);
  const start = after === "" ? {} : { ExclusiveStartKey: subscriptionKey(shardKey, after) };
  if (upTo === undefined) return { ...live, ...start };
  return {
    ...{ ...live, ...start },
    KeyConditionExpression: "pk = :pk AND sk <= :upTo",
    ExpressionAttributeValues: { ...live.ExpressionAttributeValues, ":upTo": { S: upTo } },
  };
}
