import { maxRangeSubscribers } from "../handlers/delivery/worker.ts";
import { maxShards } from "../handlers/store/shard.ts";

/** Bytes that a strongly consistent read unit reads, and that a write unit writes. */
const readUnitBytes = 4096;
export const writeUnitBytes = 1024;

/** Beyond so many in a shard a channel grows: a range, its halves and their halves have each served one job. */
const shardSubscribers = 7 * maxRangeSubscribers;

/** Returns the read units of one Query of so many subscriptions. */
export function readUnitsOf(subscribers: number, channel: string): number {
  return Math.max(1, Math.ceil((subscribers * subscriptionBytes(channel)) / readUnitBytes));
}

/** Returns the read units of a publish's own Query, which shows by one more whether there is a rest. */
export function readsOf(subscribers: number, inline: number, channel: string): number {
  return readUnitsOf(Math.min(subscribers, inline + 1), channel);
}

/** Returns over how many partitions a channel of `subscribers` is spread in the end. */
export function shardsOf(subscribers: number, inline: number): number {
  // One shard alone is what the publish has left of it.
  const perShard = (shards: number) => (shards === 1 ? subscribers - inline : subscribers / shards);
  let shards = 1;
  while (shards < maxShards && perShard(shards) > shardSubscribers) shards *= 2;
  return shards;
}

/** Returns the write units of the channel's item and of the message that is kept. */
export function writeUnitsOf(messageBytes: number, channel: string): number {
  const names = "pk sk epoch text isJson time expiresAt".replaceAll(" ", "").length;
  const values = `messages#${channel}`.length + 16 + 6 + messageBytes + 1 + 24 + secondBytes;
  return 1 + Math.ceil((names + values) / writeUnitBytes);
}

// A number takes a byte for each two digits, and one more:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
const revisionBytes = 2;
const secondBytes = 6;
const millisecondBytes = 8;

/** Returns the bytes of a subscription as DynamoDB counts them: each attribute's name and value. */
export function subscriptionBytes(channel: string): number {
  const names = "pk sk revision protocol connectedAt expiresAt".replaceAll(" ", "").length;
  const keys = `channel#${channel}#0`.length + 16;
  const values = revisionBytes + "channels.v1".length + millisecondBytes + secondBytes;
  return names + keys + values;
}
