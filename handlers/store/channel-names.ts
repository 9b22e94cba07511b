import { UpdateItemCommand, type AttributeValue } from "@aws-sdk/client-dynamodb";
import { log, thrown } from "../aws/log.ts";
import type { Table } from "../aws/table.ts";
import { maxChannels } from "../protocol/limits.ts";
import { watchersOf } from "../protocol/presence.ts";
import { Problem } from "../protocol/problem.ts";
import { ifConditionHolds } from "./condition.ts";
import {
  findConnection,
  toStored,
  unknownConnection,
  type StoredConnection,
} from "./connection.ts";
import { connectionKey } from "./keys.ts";
import { possibleShardKeys, shardKeyOf, type Sharded } from "./shard.ts";

// The names of a connection's channels, which its own item holds as shard keys: one for each channel.

/** A change of the names took this revision of the connection. */
export type Named = { shardKey: string; revision: number };

const maxTries = 5;

/**
 * Names a channel in the connection's item, by the shard key that the connection has in it already or
 * else by that of the channel as it is now. `replayUntil` claims the connection for a replay.
 * Throws a Problem where the connection is in too many channels, has a replay under way, or is no more.
 */
export async function nameChannel(
  table: Table,
  connection: StoredConnection,
  channel: Sharded,
  replayUntil?: number,
): Promise<Named> {
  const { connectionId } = connection;
  const possible = possibleShardKeys(channel.name, connectionId);
  const namedBy = ({ shardKeys }: StoredConnection) =>
    possible.find((key) => shardKeys.includes(key));
  let shardKey = namedBy(connection) ?? shardKeyOf(channel, connectionId);
  for (let tries = 0; tries < maxTries; tries++) {
    const others = possible.filter((key) => key !== shardKey);
    const update = nameUpdate(table, { connectionId, shardKey, others, replayUntil });
    const result = await ifConditionHolds(table.client.send(update));
    if (result !== undefined) return { shardKey, revision: Number(result.Attributes?.revision?.N) };

    const now = await findConnection(table, connectionId);
    if (now === undefined) throw unknownConnection();
    if (replayUntil !== undefined && now.replayUntil > table.clock.now()) throw replayInProgress();
    const named = namedBy(now);
    // Another subscribe has named it meanwhile, by the channel as it was before it grew.
    if (named === undefined && now.shardKeys.length >= maxChannels) throw tooManyChannels();
    shardKey = named ?? shardKeyOf(channel, connectionId);
  }
  throw new Error(`The channels of ${connectionId} change faster than one of them can be named.`);
}

/**
 * Removes a channel's name and that of its watchers, and returns the connection as it was; the revision of
 * this change is the next. Throws a Problem where the connection is no more.
 */
export async function unnameChannel(
  table: Table,
  connectionId: string,
  name: string,
): Promise<StoredConnection> {
  const both = [name, watchersOf(name)];
  const possible = both.flatMap((one) => possibleShardKeys(one, connectionId));
  const update = new UpdateItemCommand({
    TableName: table.name,
    Key: connectionKey(connectionId),
    UpdateExpression: "DELETE channels :shardKeys, presentIn :name ADD revision :one",
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeValues: {
      ":shardKeys": { SS: possible },
      ":name": { SS: [name] },
      ":one": { N: "1" },
    },
    ReturnValues: "ALL_OLD",
  });
  const result = await ifConditionHolds(table.client.send(update));
  if (result?.Attributes === undefined) throw unknownConnection();
  return toStored(connectionId, result.Attributes);
}

/** Ends the claim of a replay, so that the next may begin. Where that fails, the claim ends by its time. */
export async function endReplay(
  table: Table,
  connectionId: string,
  replayUntil: number,
): Promise<void> {
  const update = new UpdateItemCommand({
    TableName: table.name,
    Key: connectionKey(connectionId),
    UpdateExpression: "REMOVE replayUntil",
    ConditionExpression: "replayUntil = :until",
    ExpressionAttributeValues: { ":until": { N: String(replayUntil) } },
  });
  await ifConditionHolds(table.client.send(update)).catch((error: unknown) => {
    log.warn("Claim of a replay not ended", thrown(error));
  });
}

type NameUpdate = {
  connectionId: string;
  shardKey: string;
  /** The channel's other shard keys, of which none may be named beside it. */
  others: string[];
  replayUntil: number | undefined;
};

function nameUpdate(
  table: Table,
  { connectionId, shardKey, others, replayUntil }: NameUpdate,
): UpdateItemCommand {
  const conditions = [
    "attribute_exists(pk)",
    "(contains(channels, :own) OR attribute_not_exists(channels) OR size(channels) < :max)",
    ...others.map((_, index) => `NOT contains(channels, :other${index})`),
  ];
  const values: Record<string, AttributeValue> = {
    ":own": { S: shardKey },
    ":shardKeys": { SS: [shardKey] },
    ":one": { N: "1" },
    ":max": { N: String(maxChannels) },
    ...Object.fromEntries(others.map((key, index) => [`:other${index}`, { S: key }])),
  };
  let expression = "ADD channels :shardKeys, revision :one";
  if (replayUntil !== undefined) {
    conditions.push(
      "(attribute_not_exists(replayUntil) OR replayUntil <= :now OR replayUntil = :until)",
    );
    values[":now"] = { N: String(table.clock.now()) };
    values[":until"] = { N: String(replayUntil) };
    expression += " SET replayUntil = :until";
  }
  return new UpdateItemCommand({
    TableName: table.name,
    Key: connectionKey(connectionId),
    UpdateExpression: expression,
    ConditionExpression: conditions.join(" AND "),
    ExpressionAttributeValues: values,
    ReturnValues: "ALL_NEW",
  });
}

export function tooManyChannels(): Problem {
  return new Problem(
    "too-many-channels",
    `A connection can be in ${maxChannels} channels: unsubscribe from one first.`,
  );
}

export function replayInProgress(): Problem {
  return new Problem(
    "replay-in-progress",
    "This connection still gets what it has missed on another channel: wait for that reply first.",
  );
}
