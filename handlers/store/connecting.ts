import { PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { Table } from "../aws/table.ts";
import { batchWrite } from "./batch-write.ts";
import type { Member } from "../protocol/presence.ts";
import { openChannel, type Channel } from "./channel.ts";
import { ifConditionHolds } from "./condition.ts";
import {
  connectionAttributes,
  findConnection,
  memberAttributes,
  type Connection,
} from "./connection.ts";
import { connectionKey, subscriptionKey } from "./keys.ts";
import { removeUnopened } from "./removal.ts";
import { shardKeyOf } from "./shard.ts";

/** The revision of a connection that has not changed its channels yet. */
const firstRevision = 1;

/** A connection, and whom it belongs to. */
export type Connecting = Connection & { member?: Member | undefined };

/**
 * Writes a connection that is connecting, then its subscriptions to these channels. Returns the channels
 * where it may open; undefined where somebody has asked meanwhile to close it, and then nothing of it is
 * left. They are as they were before its rows.
 *
 * It looks for that last. Who asks later waits until the connection is open, and closes it.
 */
export async function addConnection(
  table: Table,
  connection: Connecting,
  channels: string[],
): Promise<Channel[] | undefined> {
  const { connectionId } = connection;
  try {
    const opened = await writeItems(table, connection, channels);
    const written = await findConnection(table, connectionId);
    if (written !== undefined && !written.isClosed) return opened;
  } catch (error) {
    // It never opens. What cannot be removed now goes with a later publish, or by its end.
    await removeUnopened(table, connectionId).catch(() => undefined);
    throw error;
  }
  await removeUnopened(table, connectionId);
  return undefined;
}

async function writeItems(
  table: Table,
  connection: Connecting,
  channels: string[],
): Promise<Channel[]> {
  const { connectionId } = connection;
  const opened = await Promise.all(channels.map((channel) => openChannel(table, channel)));
  const shardKeys = opened.map((channel) => shardKeyOf(channel, connectionId));
  const attributes = connectionAttributes(connection, firstRevision);
  // DynamoDB has no empty set.
  const names = shardKeys.length > 0 && { channels: { SS: shardKeys } };
  await table.client.send(
    new PutItemCommand({
      TableName: table.name,
      Item: {
        ...{ ...connectionKey(connectionId), ...attributes, ...names },
        ...memberAttributes(connection.member),
      },
    }),
  );
  await batchWrite(
    table,
    shardKeys.map((shardKey) => ({
      PutRequest: { Item: { ...subscriptionKey(shardKey, connectionId), ...attributes } },
    })),
  );
  return opened;
}

/** Has a connection refused that is connecting. Returns whether there is an item of it. */
export async function markClosed(table: Table, connectionId: string): Promise<boolean> {
  const mark = new UpdateItemCommand({
    TableName: table.name,
    Key: connectionKey(connectionId),
    UpdateExpression: "SET isClosed = :true",
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeValues: { ":true": { BOOL: true } },
  });
  return (await ifConditionHolds(table.client.send(mark))) !== undefined;
}
