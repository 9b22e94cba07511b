import { type AttributeValue } from "@aws-sdk/client-dynamodb";
import { epochSeconds, type Clock } from "../aws/clock.ts";
import type { Table } from "../aws/table.ts";
import type { Protocol } from "../protocol/frames.ts";
import type { Member } from "../protocol/presence.ts";
import { Problem } from "../protocol/problem.ts";
import { connectionKey, findItem } from "./keys.ts";
import { channelOfShard } from "./shard.ts";

export type Connection = {
  connectionId: string;
  /** Milliseconds since the epoch. */
  connectedAt: number;
  protocol: Protocol;
  /** False where it does not get what it publishes itself. */
  echo?: boolean;
  /** When its items end, in epoch seconds. */
  expiresAt: number;
};

/** A connection as its own item has it. */
export type StoredConnection = Connection & {
  /** The names of its channels, sorted. */
  channels: string[];
  /** Where it is subscribed in each of them: `<channel>#<shard>`. */
  shardKeys: string[];
  /** Whom it belongs to; undefined where it is no member. */
  member: Member | undefined;
  /** The names of the channels in which it counts among the connections of its member: see member.ts. */
  presentIn: string[];
  /** Counts the changes of its channels, and so orders them. */
  revision: number;
  /** Whether somebody has asked to close it while it may have been connecting. */
  isClosed: boolean;
  /** Until when it gets what it has missed, in milliseconds since the epoch; 0 where it does not. */
  replayUntil: number;
};

// API Gateway ends a connection after 2 hours; its items outlive it by 10 minutes:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
const lifetimeSeconds = 2 * 60 * 60 + 10 * 60;

/**
 * Milliseconds from the handshake in which @connections may answer 410 because `$connect` has not
 * returned yet. It has 29 seconds, and clocks differ:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
const connectingMilliseconds = 30_000;

/**
 * Returns whether a 410 may mean that the connection is about to open. Then nothing of it is removed:
 * it would be open, and deaf.
 */
export function mayBeConnecting(clock: Clock, { connectedAt }: Connection): boolean {
  return clock.now() - connectedAt < connectingMilliseconds;
}

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

/** Finds a connection that has not ended; undefined where there is none. */
export async function findConnection(
  table: Table,
  connectionId: string,
): Promise<StoredConnection | undefined> {
  const item = await findItem(table, connectionKey(connectionId));
  if (item === undefined) return undefined;
  const connection = toStored(connectionId, item);
  return connection.expiresAt <= epochSeconds(table.clock) ? undefined : connection;
}

/**
 * What the items of a connection and of its subscriptions have in common. `revision` is that of the
 * change by which they came.
 */
export function connectionAttributes(
  { protocol, echo, connectedAt, expiresAt }: Connection,
  revision: number,
): Record<string, AttributeValue> {
  return {
    revision: { N: String(revision) },
    protocol: { S: protocol },
    ...(echo === false && { echo: { BOOL: false } }),
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
    ...(item.echo?.BOOL === false && { echo: false }),
    connectedAt: Number(item.connectedAt?.N),
    expiresAt: Number(item.expiresAt?.N),
  };
}

/** What the item of a connection has of its member, and no row of a subscription: each publish reads those. */
export function memberAttributes(member: Member | undefined): Record<string, AttributeValue> {
  if (member === undefined) return {};
  const { name, info } = member;
  return { member: { S: name }, ...(info !== undefined && { info: { S: info } }) };
}

export function toStored(
  connectionId: string,
  item: Record<string, AttributeValue>,
): StoredConnection {
  const shardKeys = item.channels?.SS ?? [];
  return {
    ...toConnection(connectionId, item),
    channels: shardKeys.map(channelOfShard).sort(),
    shardKeys,
    member: item.member?.S === undefined ? undefined : { name: item.member.S, info: item.info?.S },
    presentIn: item.presentIn?.SS ?? [],
    revision: Number(item.revision?.N),
    isClosed: item.isClosed?.BOOL ?? false,
    replayUntil: Number(item.replayUntil?.N ?? 0),
  };
}
