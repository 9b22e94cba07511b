import type { Channel } from "../store/channel.ts";
import { keptAfter } from "../store/history.ts";
import { idOf, listed, sequenceOf } from "../protocol/message.ts";
import { Problem } from "../protocol/problem.ts";
import type { Table } from "../aws/table.ts";

export type Excerpt = {
  channel: string;
  /** Oldest first. */
  messages: ReturnType<typeof listed>[];
  /** Whether more are kept: they follow the last one of these. */
  more: boolean;
  /** Of the channel's latest message; null before the first. */
  last: string | null;
};

export const mostMessages = 1000;

/**
 * The kept messages of a channel after the id `since`, or all of them from the oldest on: as many as
 * `limit` and `bytes` (of their JSON) allow.
 * Throws a Problem where `since` is no id of this channel, or not even one message fits.
 */
export async function excerpt(
  table: Table,
  channel: Channel,
  { since, limit, bytes }: { since: string | undefined; limit: number; bytes: number },
): Promise<Excerpt> {
  const after = since === undefined ? 0 : sequenceOf(since, channel);
  if (after === undefined) {
    throw new Problem(
      "invalid-since",
      '"since" is no id of this channel: leave it out to read on from the oldest.',
    );
  }
  const messages: Excerpt["messages"] = [];
  const last = channel.sequence === 0 ? null : idOf(channel);
  let left = bytes;
  for await (const message of keptAfter(table, channel, after)) {
    const entry = listed(message);
    left -= Buffer.byteLength(JSON.stringify(entry)) + 1;
    if (left < 0 && messages.length === 0) {
      throw new Problem("too-large", "The next message does not fit here: read it over HTTP.");
    }
    if (left < 0 || messages.length === limit) {
      return { channel: channel.name, messages, more: true, last };
    }
    messages.push(entry);
  }
  return { channel: channel.name, messages, more: false, last };
}

/** A limit as it came. Throws a Problem where it is no number from 1 to `most`. */
export function checkLimit(limit: unknown, most: number, byDefault: number): number {
  if (limit === undefined) return byDefault;
  const number = typeof limit === "string" && /^\d{1,4}$/.test(limit) ? Number(limit) : limit;
  if (typeof number === "number" && Number.isInteger(number) && number >= 1 && number <= most) {
    return number;
  }
  throw new Problem("invalid-limit", `"limit" takes a whole number from 1 to ${most}.`);
}
