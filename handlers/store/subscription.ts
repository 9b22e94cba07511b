import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Table } from "../aws/table.ts";
import { maxChannels } from "../protocol/limits.ts";
import { Problem } from "../protocol/problem.ts";
import { batchWrite } from "./batch-write.ts";
import { openChannel, type Channel } from "./channel.ts";
import {
  connectionAttributes,
  findConnection,
  unknownConnection,
  type StoredConnection,
} from "./connection.ts";
import { connectionKey, subscriptionKey } from "./keys.ts";
import { possibleShardKeys, shardKeyOf } from "./shard.ts";

/**
 * Subscribes an open connection, and returns the channel as it was just before. Twice is the same as
 * once. Throws a Problem where the connection is in too many channels, or is no more.
 *
 * The subscription is written first and the connection's own item names it after, on the condition
 * that it is still there: a disconnect in between makes this take the subscription back.
 */
export async function subscribe(
  table: Table,
  connection: StoredConnection,
  name: string,
): Promise<Channel> {
  const { connectionId, channels } = connection;
  // Asked first, so that a refusal does not create the channel.
  if (channels.length >= maxChannels && !channels.includes(name)) throw tooManyChannels();
  const channel = await openChannel(table, name);
  const shardKey = shardKeyOf(channel, connectionId);
  const Key = subscriptionKey(shardKey, connectionId);
  const Item = { ...Key, ...connectionAttributes(connection) };
  await table.client.send(new PutItemCommand({ TableName: table.name, Item }));
  try {
    const shardKeys = await nameInConnection(table, connectionId, name, shardKey);
    await keepFirst(table, connectionId, name, shardKeys);
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    await table.client.send(new DeleteItemCommand({ TableName: table.name, Key }));
    if ((await findConnection(table, connectionId)) === undefined) throw unknownConnection();
    throw tooManyChannels();
  }
  return channel;
}

function tooManyChannels(): Problem {
  return new Problem(
    "too-many-channels",
    `A connection can be in ${maxChannels} channels: unsubscribe from one first.`,
  );
}

/** Unsubscribes a connection; where it is not subscribed, nothing changes. */
export async function unsubscribe(table: Table, connectionId: string, name: string): Promise<void> {
  await removeShardKeys(table, connectionId, possibleShardKeys(name, connectionId));
}

async function nameInConnection(
  table: Table,
  connectionId: string,
  name: string,
  shardKey: string,
): Promise<string[]> {
  // Where the channel has grown, the connection may be in another shard of it.
  const own = possibleShardKeys(name, connectionId);
  const isIn = own.map((_, index) => `contains(channels, :own${index})`).join(" OR ");
  const { Attributes } = await table.client.send(
    new UpdateItemCommand({
      TableName: table.name,
      Key: connectionKey(connectionId),
      UpdateExpression: "ADD channels :shardKeys",
      ConditionExpression: `attribute_exists(pk) AND (attribute_not_exists(channels) OR size(channels) < :max OR ${isIn})`,
      ExpressionAttributeValues: {
        ":shardKeys": { SS: [shardKey] },
        ...Object.fromEntries(own.map((key, index) => [`:own${index}`, { S: key }])),
        ":max": { N: String(maxChannels) },
      },
      ReturnValues: "ALL_NEW",
    }),
  );
  return Attributes?.channels?.SS ?? [];
}

/** Where the channel has grown between two subscribes of one connection, one shard key of it stays. */
async function keepFirst(
  table: Table,
  connectionId: string,
  name: string,
  shardKeys: string[],
): Promise<void> {
  const ofChannel = possibleShardKeys(name, connectionId).filter((key) => shardKeys.includes(key));
  if (ofChannel.length > 1) await removeShardKeys(table, connectionId, ofChannel.slice(1));
}

async function removeShardKeys(
  table: Table,
  connectionId: string,
  shardKeys: string[],
): Promise<void> {
  const { Attributes } = await table.client
    .send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: connectionKey(connectionId),
        UpdateExpression: "DELETE channels :shardKeys",
        ConditionExpression: "attribute_exists(pk)",
        ExpressionAttributeValues: { ":shardKeys": { SS: shardKeys } },
        ReturnValues: "UPDATED_OLD",
      }),
    )
    .catch((error: unknown) => {
      if (error instanceof ConditionalCheckFailedException) throw unknownConnection();
      throw error;
    });
  const had = shardKeys.filter((key) => Attributes?.channels?.SS?.includes(key));
  const keys = had.map((shardKey) => subscriptionKey(shardKey, connectionId));
  await batchWrite(
    table,
    keys.map((Key) => ({ DeleteRequest: { Key } })),
  );
}
