import type { Table } from "../aws/table.ts";
import { messageId, sequenceOf, toListed, type ListedMessage } from "../protocol/message.ts";
import { Problem } from "../protocol/problem.ts";
import type { Channel } from "../store/channel.ts";
import { keptAfter } from "../store/history.ts";

export type Excerpt = {
  channel: string;
  /** Oldest first. */
  messages: ListedMessage[];
  /** Whether more are kept: they follow the last one of these. */
  more: boolean;
  /** The id of the channel's latest message; null before the first. */
  last: string | null;
};

/**
 * Reads the kept messages of a channel after the id `since`, or from the oldest on: as many as `limit`
 * and `bytes` (of their JSON) allow.
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
  const messages: ListedMessage[] = [];
  const last = lastId(channel);
  let left = bytes;
  for await (const message of keptAfter(table, channel, after)) {
    const entry = toListed(message);
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

/** Returns the id of the channel's latest message; null before the first. */
export function lastId(channel: Channel): string | null {
  return channel.sequence === 0 ? null : messageId(channel);
}
