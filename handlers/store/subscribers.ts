import {
  QueryCommand,
  type AttributeValue,
  type QueryCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { Table } from "../aws/table.ts";
import type { Channel } from "./channel.ts";
import { toConnection, type Connection } from "./connection.ts";
import { liveItems, subscriptionKey } from "./keys.ts";
import { halvesOf, type Range } from "./range.ts";
import { shardKeyAt } from "./shard.ts";

/** A connection that is subscribed to a channel. */
export type Subscriber = Connection & {
  /** Where its subscription is: `<channel>#<shard>`. */
  shardKey: string;
};

/** Some subscribers, and the ranges that hold the others. */
export type Portion = { subscribers: Subscriber[]; rest: Range[] };

// Everyone who is subscribed when a message has its number is in a shard that the channel had then. A row
// in a shard that came later is one of a subscriber who saw the channel after it had grown, and so after
// that number: whose `last` is not below it, and who has no claim to it. The reads are strongly
// consistent: whose handshake or `subscribed` has been answered is in a portion or in a range of its rest.

/**
 * Reads up to `max` subscribers of the first shard, which on a channel that has grown has as many; where it
 * has fewer, of the others as well, all at the same time. Where all fit in `max`, there is no rest.
 */
export async function firstSubscribers(
  table: Table,
  channel: Channel,
  max: number,
): Promise<Portion> {
  const { name, shards } = channel;
  const subscribers: Subscriber[] = [];
  /** Reads of each range its share, again while there is room; of each one at least. Returns the rest. */
  const readOn = async (ranges: Range[]): Promise<Range[]> => {
    let rest = ranges;
    const share = () => Math.floor((max - subscribers.length) / rest.length);
    for (let each = Math.max(1, share()); rest.length > 0 && each > 0; each = share()) {
      const portions = await Promise.all(rest.map((range) => readRange(table, name, range, each)));
      subscribers.push(...portions.flatMap((portion) => portion.subscribers));
      rest = portions.flatMap((portion) => portion.rest);
    }
    return rest;
  };
  const whole = (shard: number): Range => ({ shards, shard, after: "", halvings: 0 });
  const others = Array.from({ length: shards - 1 }, (_, index) => whole(index + 1));
  const rest = await readOn([whole(0)]);
  return {
    subscribers,
    rest: rest.length > 0 ? [...rest, ...others] : await readOn(others),
  };
}

/** Reads the first `max` subscribers of a range, or fewer; the rest is one range. */
export async function readRange(
  table: Table,
  channel: string,
  range: Range,
  max: number,
): Promise<Portion> {
  const shardKey = shardKeyAt(channel, range.shard);
  // One more shows whether there is a rest: a page that is full ends with a key in any case.
  const query = { ...rangeQuery(table, shardKey, range), Limit: max + 1 };
  const { Items = [], LastEvaluatedKey } = await table.client.send(new QueryCommand(query));
  const last = Items.length > max ? Items[max - 1] : LastEvaluatedKey;
  return {
    subscribers: Items.slice(0, max).map((item) => toSubscriber(shardKey, item)),
    rest: last === undefined ? [] : [{ ...range, after: last.sk?.S ?? "" }],
  };
}

/** Splits a range for two to read at the same time; there is nothing to read where it has become empty. */
export async function halve(table: Table, channel: string, range: Range): Promise<Range[]> {
  const upTo = range.upTo ?? (await lastOf(table, shardKeyAt(channel, range.shard)));
  return upTo === undefined || upTo <= range.after ? [] : halvesOf(range, upTo);
}

/** Returns the last connection that has a row in a shard. */
async function lastOf(table: Table, shardKey: string): Promise<string | undefined> {
  const query = { ...liveItems(table, subscriptionKey(shardKey, "").pk), ScanIndexForward: false };
  const { Items, LastEvaluatedKey } = await table.client.send(
    new QueryCommand({ ...query, Limit: 1 }),
  );
  return (Items?.[0] ?? LastEvaluatedKey)?.sk?.S;
}

function rangeQuery(table: Table, shardKey: string, { after, upTo }: Range): QueryCommandInput {
  const live = liveItems(table, subscriptionKey(shardKey, "").pk);
  const start = after === "" ? {} : { ExclusiveStartKey: subscriptionKey(shardKey, after) };
  if (upTo === undefined) return { ...live, ...start };
  return {
    ...{ ...live, ...start },
    KeyConditionExpression: "pk = :pk AND sk <= :upTo",
    ExpressionAttributeValues: { ...live.ExpressionAttributeValues, ":upTo": { S: upTo } },
  };
}

export function toSubscriber(shardKey: string, item: Record<string, AttributeValue>): Subscriber {
  return { ...toConnection(item.sk?.S ?? "", item), shardKey };
}
