import { createHash } from "node:crypto";
import type { Channel } from "./channel.ts";

/** Over how many partitions a channel spreads at most. */
export const mostShards = 64;

/**
 * Where in a channel a connection is subscribed: `<channel>#<shard>`, the key of the partition that
 * holds its subscription.
 */
export function slotOf(
  { name, shards }: Pick<Channel, "name" | "shards">,
  connectionId: string,
): string {
  const hash = createHash("sha256").update(connectionId).digest().readUInt32BE();
  return `${name}#${hash % shards}`;
}

/** All slots that the channel has now. */
export function slotsOf({ name, shards }: Channel): string[] {
  return Array.from({ length: shards }, (_, shard) => `${name}#${shard}`);
}

/** Every slot that a connection can have been given, however many shards the channel had. */
export function possibleSlots(name: string, connectionId: string): string[] {
  const slots = new Set<string>();
  for (let shards = 1; shards <= mostShards; shards *= 2) {
    slots.add(slotOf({ name, shards }, connectionId));
  }
  return [...slots];
}
