import { UpdateItemCommand, type AttributeValue } from "@aws-sdk/client-dynamodb";
import { epochSeconds } from "../aws/clock.ts";
import type { Table } from "../aws/table.ts";
import { ifConditionHolds } from "./condition.ts";
import { toStored, type StoredConnection } from "./connection.ts";
import { connectionKey, memberKey } from "./keys.ts";
import { toMember, type Place, type StoredMember } from "./member.ts";
import { channelOfShard } from "./shard.ts";

// Who is on a channel is written down while somebody watches it, in an item for each member: the set of
// its connections, and whether it is here. What is so is in the connection's own item, which notes the
// channels in which it counts. So:
//
// - Who comes notes the channel first, then adds the connection to the set, and then reads the connection
//   again: where it no longer notes the channel, or is no more, it takes the connection out again.
// - Who leaves removes the note first, then takes the connection out, and does the same where it may come
//   back. A connection that is no more does not: its item has gone with all of its notes.
//
// So whoever changes a set last has read the note after that, and found it as the set. Each change takes
// the item's next revision, in the same UpdateItem: of two things that are said of a member, the one with
// the higher revision is the later. It begins anew when the item has ended, 2 hours and 20 minutes after
// its last change: by then every connection has ended that has seen the former life, and so has every
// connection in its set.
//
// A member turns, here or away, with exactly one of these changes. What watchers have been told follows,
// and is written down as well, so that a sweep finds what has been told to nobody.

const lifetimeSeconds = (2 * 60 + 20) * 60;

/**
 * Notes in a connection's item that it counts in the channel of this shard. Returns the connection;
 * undefined where it is no member, or is not subscribed there, or no more.
 */
export async function notePresence(
  table: Table,
  shardKey: string,
  connectionId: string,
): Promise<StoredConnection | undefined> {
  const note = new UpdateItemCommand({
    TableName: table.name,
    Key: connectionKey(connectionId),
    UpdateExpression: "ADD presentIn :name",
    ConditionExpression: "contains(channels, :shardKey) AND attribute_exists(#member)",
    ExpressionAttributeNames: { "#member": "member" },
    ExpressionAttributeValues: {
      ":name": { SS: [channelOfShard(shardKey)] },
      ":shardKey": { S: shardKey },
    },
    ReturnValues: "ALL_NEW",
  });
  const noted = await ifConditionHolds(table.client.send(note));
  return noted?.Attributes && toStored(connectionId, noted.Attributes);
}

/**
 * Adds a connection to those of its member. `isTold` is for one of whom nobody has to be told. Returns the
 * member, and whether it has turned here with this.
 */
export async function addToMember(
  table: Table,
  { channel, connectionId, member }: Place,
  isTold: boolean,
): Promise<{ member: StoredMember; hasTurned: boolean }> {
  const { name, info } = member;
  const told = isTold ? ", isToldHere = :true" : "";
  const { Attributes: old = {} } = await table.client.send(
    new UpdateItemCommand({
      TableName: table.name,
      Key: memberKey(channel, name),
      UpdateExpression:
        `SET isHere = :true${told}, ${common}${info === undefined ? "" : ", info = :info"} ` +
        `ADD connections :id${info === undefined ? " REMOVE info" : ""}`,
      ExpressionAttributeValues: {
        ...commonValues(table),
        ":true": { BOOL: true },
        ":id": { SS: [connectionId] },
        ...(info !== undefined && { ":info": { S: info } }),
      },
      ReturnValues: "ALL_OLD",
    }),
  );
  const before = toMember(channel, name, old);
  // TTL deletes an item days after its end.
  const wasHere = before.isHere && Number(old.expiresAt?.N) > epochSeconds(table.clock);
  const now = { ...before, name, info, isHere: true, revision: before.revision + 1 };
  return { member: now, hasTurned: !wasHere };
}

/** Takes a connection out of those of its member, which it returns; undefined where it was not among them. */
export async function takeFromMember(
  table: Table,
  { channel, connectionId, member }: Place,
): Promise<StoredMember | undefined> {
  const take = new UpdateItemCommand({
    TableName: table.name,
    Key: memberKey(channel, member.name),
    UpdateExpression: `SET ${common} DELETE connections :id`,
    ConditionExpression: "contains(connections, :connectionId)",
    ExpressionAttributeValues: {
      ...commonValues(table),
      ":id": { SS: [connectionId] },
      ":connectionId": { S: connectionId },
    },
    ReturnValues: "ALL_NEW",
  });
  const taken = await ifConditionHolds(table.client.send(take));
  return taken?.Attributes && toMember(channel, member.name, taken.Attributes);
}

/**
 * Has a member turn away that has no connection since this revision, and returns it; undefined where it has
 * changed since, or was not here.
 */
export async function turnAway(
  table: Table,
  channel: string,
  name: string,
  revision: number,
): Promise<StoredMember | undefined> {
  const turn = new UpdateItemCommand({
    TableName: table.name,
    Key: memberKey(channel, name),
    UpdateExpression: `SET isHere = :false, ${common}`,
    ConditionExpression: "revision = :revision AND isHere = :true",
    ExpressionAttributeValues: {
      ...commonValues(table),
      ":false": { BOOL: false },
      ":true": { BOOL: true },
      ":revision": { N: String(revision) },
    },
    ReturnValues: "ALL_NEW",
  });
  const turned = await ifConditionHolds(table.client.send(turn));
  return turned?.Attributes && toMember(channel, name, turned.Attributes);
}

/** Writes down what the watchers have been told of a member, unless it has turned since. */
export async function markTold(
  table: Table,
  { channel, name, isHere }: Pick<StoredMember, "channel" | "name" | "isHere">,
): Promise<void> {
  const mark = new UpdateItemCommand({
    TableName: table.name,
    Key: memberKey(channel, name),
    UpdateExpression: "SET isToldHere = :isHere",
    ConditionExpression: "isHere = :isHere",
    ExpressionAttributeValues: { ":isHere": { BOOL: isHere } },
  });
  await ifConditionHolds(table.client.send(mark));
}

/** What every change of a member sets. */
const common =
  "revision = if_not_exists(revision, :zero) + :one, changedAt = :now, expiresAt = :expiresAt";

function commonValues({ clock }: Table): Record<string, AttributeValue> {
  return {
    ":zero": { N: "0" },
    ":one": { N: "1" },
    ":now": { N: String(clock.now()) },
    ":expiresAt": { N: String(epochSeconds(clock) + lifetimeSeconds) },
  };
}
