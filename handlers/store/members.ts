import { paginateQuery, QueryCommand, type QueryCommandOutput } from "@aws-sdk/client-dynamodb";
import type { Table } from "../aws/table.ts";
import type { Member } from "../protocol/presence.ts";
import type { Channel } from "./channel.ts";
import { findConnection } from "./connection.ts";
import { inGroups } from "./groups.ts";
import { liveItems, memberKey, subscriptionKey } from "./keys.ts";
import { toMember, type StoredMember } from "./member.ts";
import { shardKeyAt } from "./shard.ts";
import type { Subscriber } from "./subscriber.ts";
import { firstSubscribers } from "./subscribers.ts";
import { isWatched } from "./watch.ts";

/** A member of a channel, as a list has it. */
export type Listed = Member & {
  /** How many; 0 of one who may come back. */
  connections: number;
  /** Where somebody watches the channel. */
  revision?: number;
};

/** Connections that are read at the same time. */
const readTogether = 50;

/** Connections that are read to find the members of a channel, for each member that may be found. */
const connectionsPerMember = 10;

/** Who is on a channel. */
export type Present = {
  /** How many connections, of members and others. */
  connections: number;
  /** Sorted; undefined of too many. */
  members: Listed[] | undefined;
};

/**
 * Reads who is on a channel; members where it has no more than `max`, nor more than ten times as many
 * connections. Where somebody watches, they are what the watchers are told; elsewhere the connections are
 * asked, each of them.
 */
export async function listPresent(table: Table, channel: Channel, max: number): Promise<Present> {
  const { connections, members } = isWatched(table.clock, channel.watch)
    ? await readTold(table, channel)
    : await askRows(table, channel, max);
  if (members === undefined || members.length > max) return { connections, members: undefined };
  return { connections, members: members.sort((one, other) => (one.name < other.name ? -1 : 1)) };
}

async function readTold(table: Table, channel: Channel): Promise<Present> {
  const [members, connections] = await Promise.all([
    readMembers(table, channel.name),
    countConnections(table, channel),
  ]);
  return { connections, members: members.filter(({ isHere }) => isHere).map(toListed) };
}

async function askRows(table: Table, channel: Channel, max: number): Promise<Present> {
  const rows = await readRows(table, channel, max);
  if (rows === undefined) {
    return { connections: await countConnections(table, channel), members: undefined };
  }
  return { connections: rows.length, members: await membersOfRows(table, rows, max) };
}

/** Counts the connections that are on a channel, members or not. */
export async function countConnections(table: Table, channel: Channel): Promise<number> {
  const shards = Array.from({ length: channel.shards }, (_, shard) => shard);
  const counts = await Promise.all(shards.map((shard) => countShard(table, channel.name, shard)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Reads every member that has an item, here or away. */
export async function readMembers(table: Table, channel: string): Promise<StoredMember[]> {
  const members: StoredMember[] = [];
  const query = liveItems(table, memberKey(channel, "").pk);
  for await (const { Items = [] } of paginateQuery({ client: table.client }, query)) {
    members.push(...Items.map((item) => toMember(channel, item.sk?.S ?? "", item)));
  }
  return members;
}

/** Reads whoever is subscribed to a channel; undefined where these are too many to find `max` members. */
export async function readRows(
  table: Table,
  channel: Channel,
  max: number,
): Promise<Subscriber[] | undefined> {
  const { subscribers, rest } = await firstSubscribers(table, channel, max * connectionsPerMember);
  return rest.length > 0 ? undefined : subscribers;
}

async function membersOfRows(
  table: Table,
  rows: Subscriber[],
  max: number,
): Promise<Listed[] | undefined> {
  const found = new Map<string, Listed>();
  for (const some of inGroups(rows, readTogether)) {
    const connections = await Promise.all(
      some.map(({ connectionId }) => findConnection(table, connectionId)),
    );
    for (const { name, info } of connections.flatMap((connection) => connection?.member ?? [])) {
      const connections = (found.get(name)?.connections ?? 0) + 1;
      found.set(name, { name, info, connections });
    }
    if (found.size > max) return undefined;
  }
  return [...found.values()];
}

async function countShard(table: Table, channel: string, shard: number): Promise<number> {
  const query = {
    ...liveItems(table, subscriptionKey(shardKeyAt(channel, shard), "").pk),
    Select: "COUNT" as const,
  };
  let count = 0;
  let start: QueryCommandOutput["LastEvaluatedKey"];
  do {
    const page: QueryCommandOutput = await table.client.send(
      new QueryCommand({ ...query, ExclusiveStartKey: start }),
    );
    count += page.Count ?? 0;
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return count;
}

function toListed({ name, info, connectionIds, revision }: StoredMember): Listed {
  return { name, info, connections: connectionIds.length, revision };
}
