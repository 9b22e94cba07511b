import { randomInt } from "node:crypto";
import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { channelKey, seconds } from "./table.ts";
import type { Table } from "./table.ts";

/** What the channel item knows. */
export type Channel = {
  name: string;
  /** Chosen once, at the channel's birth: tells its ids from those of an earlier life. */
  epoch: string;
  /** Number of the latest message; 0 before the first. */
  sequence: number;
  /** Over how many partitions its subscriptions are spread: a power of two that only grows. */
  shards: number;
};

export const channelName = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/;

/** What a client is told of a name that `channelName` refuses. */
export const channelNameRule =
  "A channel's name is 1 to 128 letters, digits, _ . : or -, beginning with a letter or digit.";

/** A channel that nobody used for 30 days is forgotten. */
const lifetimeSeconds = 30 * 24 * 60 * 60;

/** Finds the channel, or creates it, and keeps it alive. */
export function openChannel(table: Table, name: string): Promise<Channel> {
  return updateChannel(table, name, 0);
}

/** Takes the channel's next sequence, which is the new message's own. */
export function nextInChannel(table: Table, name: string): Promise<Channel> {
  return updateChannel(table, name, 1);
}

async function updateChannel(table: Table, name: string, messages: 0 | 1): Promise<Channel> {
  const { Attributes } = await table.client.send(
    new UpdateItemCommand({
      TableName: table.name,
      Key: channelKey(name),
      UpdateExpression:
        "SET epoch = if_not_exists(epoch, :epoch), shards = if_not_exists(shards, :one), " +
        "kind = :kind, expiresAt = :expiresAt ADD #sequence :messages",
      ExpressionAttributeNames: { "#sequence": "sequence" },
      ExpressionAttributeValues: {
        ":epoch": { S: randomInt(36 ** 6).toString(36) },
        ":one": { N: "1" },
        ":kind": { S: "channel" },
        ":expiresAt": { N: String(seconds() + lifetimeSeconds) },
        ":messages": { N: String(messages) },
      },
      ReturnValues: "ALL_NEW",
    }),
  );
  return {
    name,
    epoch: Attributes?.epoch?.S ?? "",
    sequence: Number(Attributes?.sequence?.N),
    shards: Number(Attributes?.shards?.N),
  };
}
