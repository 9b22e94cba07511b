import { createHash } from "node:crypto";
import type { Channel } from "./channel.ts";

/**
 * Where in a channel a connection is subscribed: `<channel>#<shard>`, the key of the partition that
 * holds its subscription.
 */
export function slotOf({ name, shards }: Channel, connectionId: string): string {
  const hash = createHash("sha256").update(connectionId).digest().readUInt32BE();
  return `${name}#${hash % shards}`;
}

/** All slots that the channel has now. */
export function slotsOf({ name, shards }: Channel): string[] {
  return Array.from({ length: shards }, (_, shard) => `${name}#${shard}`);
}
