import { QueryCommand, type QueryCommandOutput } from "@aws-sdk/client-dynamodb";
import type { Table } from "../aws/table.ts";
import { topOf } from "../protocol/prefix.ts";
import { findChannel, toChannel, type Channel } from "./channel.ts";
import { rootKeys } from "./keys.ts";

/**
 * Reads the channels that a prefix stands for and that have had a message; undefined where it
 * stands for more than `max`.
 *
 * The reads are strongly consistent: what is not among these, its first message has its number later.
 */
export async function channelsOf(
  table: Table,
  prefix: string,
  max: number,
): Promise<Channel[] | undefined> {
  const top = topOf(prefix);
  const [own, ...parts] = await Promise.all([
    findChannel(table, top),
    ...rootKeys(top).map((pk) => readBelow(table, pk, `${top}:`, max)),
  ]);
  // Nobody has used it yet where it has no epoch.
  const channels = [own, ...parts.flat()].filter(({ epoch }) => epoch !== "");
  return channels.length > max ? undefined : channels.filter(({ sequence }) => sequence > 0);
}

/** Reads the channels in a partition whose names begin so: all of them, or more than `max`. */
async function readBelow(
  table: Table,
  pk: string,
  beginning: string,
  max: number,
): Promise<Channel[]> {
  const channels: Channel[] = [];
  let start: QueryCommandOutput["LastEvaluatedKey"];
  do {
    const page: QueryCommandOutput = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :beginning)",
        ExpressionAttributeValues: { ":pk": { S: pk }, ":beginning": { S: beginning } },
        ExclusiveStartKey: start,
        Limit: max + 1,
      }),
    );
    channels.push(...(page.Items ?? []).map((item) => toChannel(item.sk?.S ?? "", item)));
    start = page.LastEvaluatedKey;
  } while (start !== undefined && channels.length <= max);
  return channels;
}
