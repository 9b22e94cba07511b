import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  type AttributeValue,
} from "@aws-sdk/client-dynamodb";
import { epochSeconds } from "../aws/clock.ts";
import type { Table } from "../aws/table.ts";
import type { Protocol } from "../protocol/frames.ts";
import { Problem } from "../protocol/problem.ts";
import { batchWrite } from "./batch-write.ts";
import { openChannel } from "./channel.ts";
import { connectionKey, subscriptionKey, type Key } from "./keys.ts";
import { channelOfShard, shardKeyOf } from "./shard.ts";

export type Connection = {
  connectionId: string;
  /** Milliseconds since the epoch. */
  connectedAt: number;
  protocol: Protocol;
  /** When its items end, in epoch seconds. */
  expiresAt: number;
};

/** A connection as its own item has it, with the names of its channels. */
export type StoredConnection = Connection & { channels: string[] };

// API Gateway ends a connection after 2 hours; its items outlive it by 10 minutes:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
const lifetimeSeconds = 2 * 60 * 60 + 10 * 60;

/** Returns when the items of a connection end, in epoch seconds: not after its token. */
export function itemsEnd(connectedAt: number, tokenEnd = Infinity): number {
  return Math.min(Math.floor(connectedAt / 1000) + lifetimeSeconds, tokenEnd);
}

export function unknownConnection(): Problem {
  return new Problem(
    "unknown-connection",
    "There is no such connection, or no more: connect again.",
  );
}

/** Writes the connection, then its subscriptions to these channels. */
export async function addConnection(
  table: Table,
  connection: Connection,
  channels: string[],
): Promise<void> {
  const { connectionId } = connection;
  const opened = await Promise.all(channels.map((channel) => openChannel(table, channel)));
  const shardKeys = opened.map((channel) => shardKeyOf(channel, connectionId));
  const attributes = connectionAttributes(connection);
  await table.client.send(
    new PutItemCommand({
      TableName: table.name,
      Item: { ...connectionKey(connectionId), ...attributes, channels: { SS: shardKeys } },
    }),
  );
  await batchWrite(
    table,
    shardKeys.map((shardKey) => ({
      PutRequest: { Item: { ...subscriptionKey(shardKey, connectionId), ...attributes } },
    })),
  );
}

/** What the items of a connection and of its subscriptions have in common. */
export function connectionAttributes({
  protocol,
  connectedAt,
  expiresAt,
}: Connection): Record<string, AttributeValue> {
  return {
    protocol: { S: protocol },
    connectedAt: { N: String(connectedAt) },
    expiresAt: { N: String(expiresAt) },
  };
}

export function toConnection(
  connectionId: string,
  item: Record<string, AttributeValue>,
): Connection {
  return {
    connectionId,
    protocol: item.protocol?.S === "channels.v1" ? "channels.v1" : "plain",
    connectedAt: Number(item.connectedAt?.N),
    expiresAt: Number(item.expiresAt?.N),
  };
}

/** Finds a connection that has not ended; undefined where there is none. */
export async function findConnection(
  table: Table,
  connectionId: string,
): Promise<StoredConnection | undefined> {
  const { Item } = await table.client.send(
    new GetItemCommand({
      TableName: table.name,
      Key: connectionKey(connectionId),
      ConsistentRead: true,
    }),
  );
  if (Item === undefined) return undefined;
  const connection = toConnection(connectionId, Item);
  if (connection.expiresAt <= epochSeconds(table.clock)) return undefined;
  return { ...connection, channels: (Item.channels?.SS ?? []).map(channelOfShard).sort() };
}

/**
 * Removes the connections and all of their subscriptions. `keys` are items that are known to be
 * theirs, for the case that a connection's own item no longer names them.
 */
export async function removeConnections(
  table: Table,
  connectionIds: string[],
  keys: Key[] = [],
): Promise<void> {
  const shardKeys = await Promise.all(connectionIds.map((id) => deleteConnection(table, id)));
  const found = connectionIds.flatMap((id, index) =>
    (shardKeys[index] ?? []).map((shardKey) => subscriptionKey(shardKey, id)),
  );
  await batchWrite(
    table,
    distinct([...found, ...keys]).map((Key) => ({ DeleteRequest: { Key } })),
  );
}

async function deleteConnection(table: Table, connectionId: string): Promise<string[]> {
  const { Attributes } = await table.client.send(
    new DeleteItemCommand({
      TableName: table.name,
      Key: connectionKey(connectionId),
      ReturnValues: "ALL_OLD",
    }),
  );
  return Attributes?.channels?.SS ?? [];
}

/** A batch that names one key twice is refused whole. */
function distinct(keys: Key[]): Key[] {
  return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
}
