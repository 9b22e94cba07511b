import type { Table } from "../aws/table.ts";
import { prefixesOf } from "../protocol/prefix.ts";
import type { Channel } from "./channel.ts";
import { halvesOf, type Range } from "./range.ts";
import { channelOfShard, shardKeyAt } from "./shard.ts";
import { lastOf, readPage, type Subscriber } from "./subscriber.ts";

/** Some subscribers, each of them once, and the ranges that hold the others. */
export type Portion = { subscribers: Subscriber[]; rest: Range[] };

// Everyone who is subscribed when a message has its number is in a shard that the channel had then. A row
// in a shard that came later is one of a subscriber who saw the channel after it had grown, and so after
// that number: whose `last` is not below it, and who has no claim to it. The reads are strongly
// consistent: whose handshake or `subscribed` has been answered is in a portion or in a range of its rest.

/**
 * Reads up to `max` subscribers of the first shard, which on a channel that has grown has as many; where it
 * has fewer, of the others as well, all at the same time. Where all fit in `max`, there is no rest.
 */
export async function firstSubscribers(
  table: Table,
  channel: Channel,
  max: number,
): Promise<Portion> {
  const { name, shards } = channel;
  const subscribers: Subscriber[] = [];
  /** Reads of each range its share, again while there is room; of each one at least. Returns the rest. */
  const readOn = async (ranges: Range[]): Promise<Range[]> => {
    let rest = ranges;
    const share = () => Math.floor((max - subscribers.length) / rest.length);
    for (let each = Math.max(1, share()); rest.length > 0 && each > 0; each = share()) {
      const portions = await Promise.all(rest.map((range) => readRange(table, name, range, each)));
      subscribers.push(...portions.flatMap((portion) => portion.subscribers));
      rest = portions.flatMap((portion) => portion.rest);
    }
    return rest;
  };
  const whole = (shard: number): Range => ({ shards, shard, after: "", halvings: 0 });
  const others = Array.from({ length: shards - 1 }, (_, index) => whole(index + 1));
  const rest = await readOn([whole(0)]);
  return {
    subscribers,
    rest: rest.length > 0 ? [...rest, ...others] : await readOn(others),
  };
}

/**
 * As `firstSubscribers`, with those of the prefixes that stand for the channel. A connection may be subscribed to
 * several of these. Where they do not all fit, they are read together, by their ids: so whoever reads a range
 * has in it everything that a connection is subscribed to, and serves it once.
 */
export async function firstRecipients(
  table: Table,
  channel: Channel,
  max: number,
): Promise<Portion> {
  const together: Range = { shards: channel.shards, after: "", halvings: 0 };
  const [own, ...pages] = await Promise.all([
    firstSubscribers(table, channel, max),
    ...prefixKeys(channel.name).map((key) => readPage(table, key, together, max)),
  ]);
  const others = pages.flatMap((page) => page.subscribers);
  const isRest = pages.some(({ last }) => last !== undefined);
  if (others.length === 0 && !isRest) return own;
  const subscribers = distinct([...own.subscribers, ...others]);
  if (own.rest.length === 0 && !isRest && subscribers.length <= max) {
    return { subscribers, rest: [] };
  }
  return readRange(table, channel.name, together, max);
}

/**
 * Reads the first subscribers of a range, about `max` or fewer; the rest is one range. The channel, spread over its
 * shards, and each prefix have the same share of what is read, and those that end leave it to the others.
 */
export async function readRange(
  table: Table,
  channel: string,
  range: Range,
  max: number,
): Promise<Portion> {
  const found: Subscriber[] = [];
  let left = max;
  let open = keysOf(channel, range).map((key) => {
    const share = channelOfShard(key) === channel ? 1 / range.shards : 1;
    return { key, share, after: range.after };
  });
  do {
    const each = left / open.reduce((sum, { share }) => sum + share, 0);
    const pages = await Promise.all(
      open.map(async (one) => {
        const size = Math.ceil(each * one.share);
        const page = await readPage(table, one.key, { ...range, after: one.after }, size);
        return { ...page, one, taken: page.last === undefined ? page.subscribers.length : size };
      }),
    );
    found.push(...pages.flatMap(({ subscribers }) => subscribers));
    left -= pages.reduce((sum, { taken }) => sum + taken, 0);
    open = pages.flatMap(({ one, last }) => (last === undefined ? [] : [{ ...one, after: last }]));
  } while (open.length > 0 && left >= open.length);
  // Up to here every page has all that there are.
  const [end] = open.map(({ after }) => after).sort();
  if (end === undefined) return { subscribers: distinct(found), rest: [] };
  const read = found.filter(({ connectionId }) => connectionId <= end);
  return { subscribers: distinct(read), rest: [{ ...range, after: end }] };
}

/** Splits a range for two to read at the same time; there is nothing to read where it has become empty. */
export async function halve(table: Table, channel: string, range: Range): Promise<Range[]> {
  const upTo = range.upTo ?? (await lastIn(table, keysOf(channel, range)));
  return upTo === undefined || upTo <= range.after ? [] : halvesOf(range, upTo);
}

/** Returns the keys of the shards that a range is of. */
function keysOf(channel: string, { shards, shard }: Range): string[] {
  if (shard !== undefined) return [shardKeyAt(channel, shard)];
  const own = Array.from({ length: shards }, (_, index) => shardKeyAt(channel, index));
  return [...own, ...prefixKeys(channel)];
}

/** A prefix has one shard: how many it has would be a read more for each publish. */
function prefixKeys(channel: string): string[] {
  return prefixesOf(channel).map((prefix) => shardKeyAt(prefix, 0));
}

function distinct(subscribers: Subscriber[]): Subscriber[] {
  return [...new Map(subscribers.map((one) => [one.connectionId, one])).values()];
}

/** Returns the last connection that has a row in one of these shards. */
async function lastIn(table: Table, shardKeys: string[]): Promise<string | undefined> {
  const last = await Promise.all(shardKeys.map((shardKey) => lastOf(table, shardKey)));
  return last
    .flatMap((id) => id ?? [])
    .sort()
    .at(-1);
}
