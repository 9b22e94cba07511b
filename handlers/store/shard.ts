import { createHash } from "node:crypto";

/** A channel spreads over at most so many partitions. */
export const maxShards = 64;

/** A channel's name, and the number of its shards: a power of two that only grows. */
export type Sharded = { name: string; shards: number };

/**
 * Where in a channel a connection is subscribed: `<channel>#<shard>`, the key of the partition that
 * holds its subscription.
 */
export function shardKeyOf({ name, shards }: Sharded, connectionId: string): string {
  const hash = createHash("sha256").update(connectionId).digest().readUInt32BE();
  return shardKeyAt(name, hash % shards);
}

/** The key of a shard, which are numbered from 0. */
export function shardKeyAt(channel: string, shard: number): string {
  return `${channel}#${shard}`;
}

/** Every shard key that a connection can have been given while the channel grew to so many shards. */
export function possibleShardKeys(
  name: string,
  connectionId: string,
  maxOfChannel = maxShards,
): string[] {
  const keys = new Set<string>();
  for (let shards = 1; shards <= maxOfChannel; shards *= 2) {
    keys.add(shardKeyOf({ name, shards }, connectionId));
  }
  return [...keys];
}

export function channelOfShard(shardKey: string): string {
  return shardKey.replace(/#\d+$/, "");
}
