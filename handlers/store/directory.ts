import { QueryCommand } from "@aws-sdk/client-dynamodb";
import type { Table } from "../aws/table.ts";
import { channelName } from "../protocol/limits.ts";
import type { Channel } from "./channel.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { channelKey, liveItems, subscriptionKey } from "./keys.ts";
import { shardKeyAt } from "./shard.ts";
import { toSubscriber, type Subscriber } from "./subscriber.ts";

export type Page<Entry> = {
  entries: Entry[];
  /** Where the next page begins; null after the last. */
  cursor: string | null;
};

export type Paging = { limit: number; cursor: string | undefined };

// A shard, and the last connection that was listed of it.
const subscriberPosition = /^\d{1,4}( [\w+/=-]{1,128})?$/;

/** Reads one page of who is on a channel, in an order that writes do not change. */
export async function listSubscribers(
  table: Table,
  channel: Channel,
  { limit, cursor }: Paging,
): Promise<Page<Subscriber>> {
  const listing = `channel#${channel.name}`;
  const position = cursor === undefined ? "0" : readCursor(listing, subscriberPosition, cursor);
  const [shard, after] = position.split(" ");
  const entries: Subscriber[] = [];
  let start = after;
  for (let at = Number(shard); at < channel.shards; at++) {
    const shardKey = shardKeyAt(channel.name, at);
    do {
      const { Items = [], LastEvaluatedKey } = await table.client.send(
        new QueryCommand({
          ...liveItems(table, subscriptionKey(shardKey, "").pk),
          ExclusiveStartKey: start === undefined ? undefined : subscriptionKey(shardKey, start),
          Limit: limit - entries.length,
        }),
      );
      entries.push(...Items.map((item) => toSubscriber(shardKey, item)));
      start = LastEvaluatedKey?.sk?.S;
      if (entries.length === limit) {
        // A full page at the end of a shard goes on with the next one.
        const next = start === undefined ? `${at + 1}` : `${at} ${start}`;
        const isEnd = start === undefined && at + 1 === channel.shards;
        return { entries, cursor: isEnd ? null : writeCursor(listing, next) };
      }
    } while (start !== undefined);
  }
  return { entries, cursor: null };
}

/** Reads one page of the names of the channels that there are, sorted; eventually consistent. */
export async function listChannels(table: Table, { limit, cursor }: Paging): Promise<Page<string>> {
  const listing = "channels";
  const after = cursor === undefined ? undefined : readCursor(listing, channelName, cursor);
  const { Items = [], LastEvaluatedKey } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: "channels",
      KeyConditionExpression: "kind = :kind",
      ExpressionAttributeValues: { ":kind": { S: "channel" } },
      ExclusiveStartKey:
        after === undefined ? after : { ...channelKey(after), kind: { S: "channel" } },
      Limit: limit,
    }),
  );
  const last = LastEvaluatedKey?.sk?.S;
  return {
    entries: Items.map((item) => item.sk?.S ?? ""),
    cursor: last === undefined ? null : writeCursor(listing, last),
  };
}
