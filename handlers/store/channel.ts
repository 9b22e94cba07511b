import { randomInt } from "node:crypto";
import { UpdateItemCommand, type AttributeValue } from "@aws-sdk/client-dynamodb";
import { epochSeconds } from "../aws/clock.ts";
import type { Table } from "../aws/table.ts";
import { isPrefix } from "../protocol/prefix.ts";
import { isWatchers } from "../protocol/presence.ts";
import { ifConditionHolds } from "./condition.ts";
import { channelKey, findItem } from "./keys.ts";
import { maxShards, type Sharded } from "./shard.ts";

/** What the channel item knows. */
export type Channel = {
  name: string;
  /** Chosen once, at the channel's birth: tells its ids from those of an earlier life. */
  epoch: string;
  /** Number of the latest message; 0 before the first. */
  sequence: number;
  /** When that number was taken, in milliseconds since the epoch; 0 before the first. */
  numberedAt: number;
  /** When the number before it was taken, likewise. */
  precededAt: number;
  /** Over how many partitions its subscriptions are spread: a power of two that only grows. */
  shards: number;
  /** Who watches it: see watch.ts. */
  watch: Watch;
};

/** What the channel item knows of those who watch who is there. All is 0 where nobody ever has. */
export type Watch = {
  /** Until when somebody may watch, in milliseconds since the epoch. */
  until: number;
  /** Counts who has begun to. */
  begun: number;
  /** The members that are there, within a few. */
  members: number;
  /** The number of the sweep that is to come, and when, in milliseconds since the epoch. */
  sweep: number;
  sweepAt: number;
};

/** A channel that nobody used for 30 days is forgotten. */
const lifetimeSeconds = 30 * 24 * 60 * 60;

/** Finds the channel or creates it, and keeps it alive. */
export function openChannel(table: Table, name: string): Promise<Channel> {
  return updateChannel(table, name, 0);
}

/** Reads the channel, and leaves no trace of the question: one that nobody has used is empty. */
export async function findChannel(table: Table, name: string): Promise<Channel> {
  const item = await findItem(table, channelKey(name));
  return toChannel(name, item);
}

/** Takes the channel's next sequence, which is the new message's own. */
export function nextInChannel(table: Table, name: string): Promise<Channel> {
  return updateChannel(table, name, 1);
}

/** Spreads the channel over twice as many shards, unless another publish has done so. */
export async function growChannel(table: Table, { name, shards }: Sharded): Promise<void> {
  if (shards >= maxShards) return;
  const grow = new UpdateItemCommand({
    TableName: table.name,
    Key: channelKey(name),
    UpdateExpression: "SET shards = :twice",
    ConditionExpression: "shards = :shards",
    ExpressionAttributeValues: {
      ":twice": { N: String(2 * shards) },
      ":shards": { N: String(shards) },
    },
  });
  await ifConditionHolds(table.client.send(grow));
}

/** Both operands are those before the update. */
const numbers = ", precededAt = if_not_exists(numberedAt, :zero), numberedAt = :now";

async function updateChannel(table: Table, name: string, messages: 0 | 1): Promise<Channel> {
  const isListed = !isWatchers(name) && !isPrefix(name);
  const { Attributes } = await table.client.send(
    new UpdateItemCommand({
      TableName: table.name,
      Key: channelKey(name),
      UpdateExpression:
        "SET epoch = if_not_exists(epoch, :epoch), shards = if_not_exists(shards, :one), " +
        `${isListed ? "kind = :kind, " : ""}expiresAt = :expiresAt${messages > 0 ? numbers : ""} ` +
        "ADD #sequence :messages",
      ExpressionAttributeNames: { "#sequence": "sequence" },
      ExpressionAttributeValues: {
        ":epoch": {
          S: randomInt(36 ** 6)
            .toString(36)
            .padStart(6, "0"),
        },
        ":one": { N: "1" },
        ...(isListed && { ":kind": { S: "channel" } }),
        ":expiresAt": { N: String(epochSeconds(table.clock) + lifetimeSeconds) },
        ":messages": { N: String(messages) },
        ...(messages > 0 && { ":now": { N: String(table.clock.now()) }, ":zero": { N: "0" } }),
      },
      ReturnValues: "ALL_NEW",
    }),
  );
  return toChannel(name, Attributes);
}

export function toChannel(name: string, item: Record<string, AttributeValue> = {}): Channel {
  return {
    name,
    epoch: item.epoch?.S ?? "",
    sequence: Number(item.sequence?.N ?? 0),
    numberedAt: Number(item.numberedAt?.N ?? 0),
    precededAt: Number(item.precededAt?.N ?? 0),
    shards: Number(item.shards?.N ?? 1),
    watch: {
      until: Number(item.watchedUntil?.N ?? 0),
      begun: Number(item.watches?.N ?? 0),
      members: Number(item.members?.N ?? 0),
      sweep: Number(item.sweep?.N ?? 0),
      sweepAt: Number(item.sweepAt?.N ?? 0),
    },
  };
}
