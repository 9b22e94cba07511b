import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { batchWrite } from "./batch-write.ts";
import { openChannel } from "./channel.ts";
import type { Channel } from "./channel.ts";
import { findConnection, unknownConnection } from "./connection.ts";
import type { Connection } from "./connection.ts";
import { Problem } from "../protocol/problem.ts";
import { possibleSlots, slotOf } from "./shard.ts";
import { connectionKey, subscriptionKey } from "../aws/table.ts";
import type { Table } from "../aws/table.ts";

/** How many channels a connection may be in. */
export const mostChannels = 100;

/**
 * Subscribes an open connection, and gives the channel as it was just before. Twice is the same as
 * once. Throws a Problem where the connection is in too many channels, or is no more.
 *
 * The subscription is written first and the connection's own item names it after, on the condition
 * that it is still there: a disconnect in between makes this take the subscription back.
 */
export async function subscribe(
  table: Table,
  { connectionId, connectedAt, json, expiresAt, channels }: Connection & { channels: string[] },
  name: string,
): Promise<Channel> {
  // Asked first, so that a refusal does not create the channel.
  if (channels.length >= mostChannels && !channels.includes(name)) throw tooManyChannels();
  const channel = await openChannel(table, name);
  const slot = slotOf(channel, connectionId);
  const Key = subscriptionKey(slot, connectionId);
  await table.client.send(
    new PutItemCommand({
      TableName: table.name,
      Item: {
        ...Key,
        json: { BOOL: json },
        connectedAt: { N: String(connectedAt) },
        expiresAt: { N: String(expiresAt) },
      },
    }),
  );
  try {
    const slots = await nameInConnection(table, connectionId, name, slot);
    await keepFirst(table, connectionId, name, slots);
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
    `A connection can be in ${mostChannels} channels: unsubscribe from one first.`,
  );
}

/** Unsubscribes a connection; where it is not subscribed, nothing changes. */
export async function unsubscribe(table: Table, connectionId: string, name: string): Promise<void> {
  const slots = possibleSlots(name, connectionId);
  await removeSlots(table, connectionId, slots);
}

async function nameInConnection(
  table: Table,
  connectionId: string,
  name: string,
  slot: string,
): Promise<string[]> {
  // Where the channel has grown, the connection may be in it by another slot.
  const own = possibleSlots(name, connectionId);
  const isIn = own.map((_, index) => `contains(channels, :slot${index})`).join(" OR ");
  const { Attributes } = await table.client.send(
    new UpdateItemCommand({
      TableName: table.name,
      Key: connectionKey(connectionId),
      UpdateExpression: "ADD channels :slots",
      ConditionExpression: `attribute_exists(pk) AND (attribute_not_exists(channels) OR size(channels) < :most OR ${isIn})`,
      ExpressionAttributeValues: {
        ":slots": { SS: [slot] },
        ...Object.fromEntries(own.map((slot, index) => [`:slot${index}`, { S: slot }])),
        ":most": { N: String(mostChannels) },
      },
      ReturnValues: "ALL_NEW",
    }),
  );
  return Attributes?.channels?.SS ?? [];
}

/** Where the channel has grown between two subscribes of one connection, one slot of it stays. */
async function keepFirst(
  table: Table,
  connectionId: string,
  name: string,
  slots: string[],
): Promise<void> {
  const ofChannel = possibleSlots(name, connectionId).filter((slot) => slots.includes(slot));
  if (ofChannel.length > 1) await removeSlots(table, connectionId, ofChannel.slice(1));
}

async function removeSlots(table: Table, connectionId: string, slots: string[]): Promise<void> {
  const { Attributes } = await table.client
    .send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: connectionKey(connectionId),
        UpdateExpression: "DELETE channels :slots",
        ConditionExpression: "attribute_exists(pk)",
        ExpressionAttributeValues: { ":slots": { SS: slots } },
        ReturnValues: "UPDATED_OLD",
      }),
    )
    .catch((error: unknown) => {
      if (error instanceof ConditionalCheckFailedException) throw unknownConnection();
      throw error;
    });
  const had = slots.filter((slot) => Attributes?.channels?.SS?.includes(slot));
  const keys = had.map((slot) => subscriptionKey(slot, connectionId));
  await batchWrite(
    table,
    keys.map((Key) => ({ DeleteRequest: { Key } })),
  );
}
