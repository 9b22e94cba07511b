import { DeleteItemCommand, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { batchWrite } from "./batch-write.ts";
import { openChannel } from "./channel.ts";
import { Problem } from "../protocol/problem.ts";
import { slotOf } from "./shard.ts";
import { connectionKey, seconds, subscriptionKey } from "../aws/table.ts";
import type { Key, Table } from "../aws/table.ts";

export type Connection = {
  connectionId: string;
  /** Milliseconds since the epoch. */
  connectedAt: number;
  /** Whether it speaks channels.v1: everything it gets is JSON. */
  json: boolean;
  /** When its items end, in epoch seconds. */
  expiresAt: number;
};

// API Gateway ends a connection after 2 hours; its items outlive it by 10 minutes:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
const lifetimeSeconds = 2 * 60 * 60 + 10 * 60;

/** When the items of a connection end, in epoch seconds: with its token, where that ends before. */
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
  { connectionId, connectedAt, json, expiresAt }: Connection,
  channels: string[],
): Promise<void> {
  const opened = await Promise.all(channels.map((channel) => openChannel(table, channel)));
  const slots = opened.map((channel) => slotOf(channel, connectionId));
  const attributes: Record<string, AttributeValue> = {
    json: { BOOL: json },
    connectedAt: { N: String(connectedAt) },
    expiresAt: { N: String(expiresAt) },
  };
  await table.client.send(
    new PutItemCommand({
      TableName: table.name,
      Item: { ...connectionKey(connectionId), ...attributes, channels: { SS: slots } },
    }),
  );
  await batchWrite(
    table,
    slots.map((slot) => ({
      PutRequest: { Item: { ...subscriptionKey(slot, connectionId), ...attributes } },
    })),
  );
}

/** A connection with the names of its channels; undefined where there is none. */
export async function findConnection(
  table: Table,
  connectionId: string,
): Promise<(Connection & { channels: string[] }) | undefined> {
  const { Item } = await table.client.send(
    new GetItemCommand({
      TableName: table.name,
      Key: connectionKey(connectionId),
      ConsistentRead: true,
    }),
  );
  const expiresAt = Number(Item?.expiresAt?.N);
  if (Item === undefined || expiresAt <= seconds()) return undefined;
  return {
    connectionId,
    connectedAt: Number(Item.connectedAt?.N),
    json: Item.json?.BOOL ?? false,
    expiresAt,
    channels: (Item.channels?.SS ?? []).map((slot) => slot.replace(/#\d+$/, "")).sort(),
  };
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
  const slots = await Promise.all(connectionIds.map((id) => deleteConnection(table, id)));
  const found = connectionIds.flatMap((id, index) =>
    (slots[index] ?? []).map((slot) => subscriptionKey(slot, id)),
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
