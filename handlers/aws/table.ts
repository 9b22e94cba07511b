import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** The channel table: `pk` and `sk` are its keys, `expiresAt` (epoch seconds) ends each item. */
export type Table = { name: string; client: DynamoDBClient };

export type Key = { pk: AttributeValue; sk: AttributeValue };

export function openTable(name: string): Table {
  return { name, client: new DynamoDBClient({}) };
}

export function connectionKey(connectionId: string): Key {
  return { pk: { S: `connection#${connectionId}` }, sk: { S: "connection" } };
}

export function channelKey(channel: string): Key {
  return { pk: { S: `channel#${channel}` }, sk: { S: "channel" } };
}

/** `slot` is `<channel>#<shard>`: where in the channel the connection is subscribed. */
export function subscriptionKey(slot: string, connectionId: string): Key {
  return { pk: { S: `channel#${slot}` }, sk: { S: connectionId } };
}

/** Now, in epoch seconds. */
export function seconds(): number {
  return Math.floor(Date.now() / 1000);
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
    ExpressionAttributeValues: { ":pk": pk, ":now": { N: String(seconds()) } },
  };
}
