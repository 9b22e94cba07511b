import { maxShards } from "../handlers/store/shard.ts";

/** Bytes of a page of a Query at most. */
const pageBytes = 1024 * 1024;

/** Bytes that a strongly consistent read unit reads, and that a write unit writes. */
const readUnitBytes = 4096;
const writeUnitBytes = 1024;

/** Returns what reading a channel's subscribers takes: a Query for each shard, page by page. */
export function readsOf(subscribers: number, channel: string): { pages: number; units: number } {
  const shards = shardsOf(subscribers, channel);
  const bytes = subscriptionBytes(channel) * Math.ceil(subscribers / shards);
  const pages = Math.max(1, Math.ceil(bytes / pageBytes));
  return { pages: shards * pages, units: shards * Math.max(1, Math.ceil(bytes / readUnitBytes)) };
}

/** Returns over how many partitions a channel of `subscribers` is spread in the end. */
export function shardsOf(subscribers: number, channel: string): number {
  const bytes = subscribers * subscriptionBytes(channel);
  let shards = 1;
  while (shards < maxShards && bytes / shards > pageBytes) shards *= 2;
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
