import { createHash } from "node:crypto";
import { GetItemCommand, type AttributeValue } from "@aws-sdk/client-dynamodb";
import { epochSeconds } from "../aws/clock.ts";
import type { Table } from "../aws/table.ts";
import { isPrefix } from "../protocol/prefix.ts";

/** The keys of an item of the channel table; each item ends at its `expiresAt`, in epoch seconds. */
export type Key = { pk: AttributeValue; sk: AttributeValue };

export function connectionKey(connectionId: string): Key {
  return { pk: { S: `connection#${connectionId}` }, sk: { S: "connection" } };
}

/**
 * Partitions in which the items of channels are that have the part before the first `:` in common. A partition
 * takes 1,000 writes a second, and each publish is one:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
const rootPartitions = 8;

export function channelKey(channel: string): Key {
  const number = createHash("sha256").update(channel).digest().readUInt32BE() % rootPartitions;
  return { pk: { S: rootKey(channel, number) }, sk: { S: channel } };
}

/** The partitions that hold the items of all channels with the same root as this one. */
export function rootKeys(channel: string): string[] {
  return Array.from({ length: rootPartitions }, (_, number) => rootKey(channel, number));
}

/** A prefix is its own root: whoever reads all channels below a name reads none of the prefixes there. */
function rootKey(name: string, number: number): string {
  return `channels#${isPrefix(name) ? name : name.replace(/:.*/, "")}#${number}`;
}

/** `shardKey` is `<channel>#<shard>`: where in the channel the connection is subscribed. */
export function subscriptionKey(shardKey: string, connectionId: string): Key {
  return { pk: { S: `channel#${shardKey}` }, sk: { S: connectionId } };
}

export function memberKey(channel: string, name: string): Key {
  return { pk: { S: `members#${channel}` }, sk: { S: name } };
}

/** Reads an item, strongly consistent; undefined where there is none. */
export async function findItem(
  table: Table,
  key: Key,
): Promise<Record<string, AttributeValue> | undefined> {
  const { Item } = await table.client.send(
    new GetItemCommand({ TableName: table.name, Key: key, ConsistentRead: true }),
  );
  return Item;
}

/**
 * A strongly consistent Query of a partition, without the items whose end has come: TTL deletes them
 * days later, and until then they are still read.
 */
export function liveItems(table: Table, pk: AttributeValue) {
  return {
    TableName: table.name,
    ConsistentRead: true,
    KeyConditionExpression: "pk = :pk",
    FilterExpression: "expiresAt > :now",
    ExpressionAttributeValues: { ":pk": pk, ":now": { N: String(epochSeconds(table.clock)) } },
  };
}
