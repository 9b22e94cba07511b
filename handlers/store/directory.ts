import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { channelName } from "./channel.ts";
import type { Channel } from "./channel.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { slotsOf } from "./shard.ts";
import { liveItems, subscriptionKey } from "../aws/table.ts";
import type { Table } from "../aws/table.ts";

export type Page<Entry> = {
  entries: Entry[];
  /** Where the next page begins; null after the last. */
  cursor: string | null;
};

export type Paging = { limit: number; cursor: string | undefined };

export type Subscriber = {
  connectionId: string;
  /** ISO 8601. */
  connectedAt: string;
  protocol: "plain" | "channels.v1";
};

export const mostEntries = 1000;

// A shard, and the last connection that was listed of it.
const subscriberPosition = /^\d{1,4}( [\w+/=-]{1,128})?$/;

/** One page of who is on a channel, in an order that writes do not change. */
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
    const slot = slotsOf(channel)[at] ?? "";
    do {
      const { Items = [], LastEvaluatedKey } = await table.client.send(
        new QueryCommand({
          ...liveItems(table, subscriptionKey(slot, "").pk),
          ExclusiveStartKey: start === undefined ? undefined : subscriptionKey(slot, start),
          Limit: limit - entries.length,
        }),
      );
      for (const { sk, connectedAt, json } of Items) {
        entries.push({
          connectionId: sk?.S ?? "",
          connectedAt: new Date(Number(connectedAt?.N)).toISOString(),
          protocol: json?.BOOL ? "channels.v1" : "plain",
        });
      }
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

/** One page of the names of the channels that there are, sorted; eventually consistent. */
export async function listChannels(table: Table, { limit, cursor }: Paging): Promise<Page<string>> {
  const listing = "channels";
  const prefix = "channel#";
  const after = cursor === undefined ? undefined : readCursor(listing, channelName, cursor);
  const pk = after === undefined ? undefined : { S: prefix + after };
  const { Items = [], LastEvaluatedKey } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: "channels",
      KeyConditionExpression: "kind = :kind",
      ExpressionAttributeValues: { ":kind": { S: "channel" } },
      ExclusiveStartKey: pk && { pk, sk: { S: "channel" }, kind: { S: "channel" } },
      Limit: limit,
    }),
  );
  const nameOf = (value = "") => value.slice(prefix.length);
  return {
    entries: Items.map((item) => nameOf(item.pk?.S)),
    cursor: LastEvaluatedKey ? writeCursor(listing, nameOf(LastEvaluatedKey.pk?.S)) : null,
  };
}
