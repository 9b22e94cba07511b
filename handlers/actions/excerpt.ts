import type { Table } from "../aws/table.ts";
import { messageId, messageMembers, sequenceOf } from "../protocol/message.ts";
import { Problem } from "../protocol/problem.ts";
import type { Channel } from "../store/channel.ts";
import { keptFrom } from "../store/history.ts";
import { isOpen } from "./gap.ts";

export type Range = {
  /** The id after which it begins; undefined for the oldest message that is kept. */
  since: string | undefined;
  /** Messages at most. */
  limit: number;
  /** Bytes of their JSON at most. */
  maxBytes: number;
};

/**
 * Reads the kept messages of a channel, as members of a JSON object: `messages`, oldest first; `more`,
 * whether to read on after the last one of these; `last`, the id of the channel's latest message, or
 * null before the first.
 *
 * A page ends before a number that is missing and may still be kept: whoever reads on would skip it.
 *
 * Throws a Problem where `since` is no id of this channel, or not even one message fits.
 */
export async function excerptMembers(
  table: Table,
  channel: Channel,
  { since, limit, maxBytes }: Range,
): Promise<string> {
  const after = since === undefined ? undefined : sequenceOf(since, channel);
  if (since !== undefined && after === undefined) {
    throw new Problem(
      "invalid-since",
      '"since" is no id of this channel: leave it out to read on from the oldest.',
    );
  }
  const messages: string[] = [];
  let more = false;
  let previous = after ?? 0;
  let left = maxBytes;
  for await (const message of keptFrom(table, channel, previous + 1)) {
    const isAfterGap = message.sequence > previous + 1;
    const entry = `{${messageMembers(message)}}`;
    left -= Buffer.byteLength(entry) + 1;
    if (left < 0 && messages.length === 0) {
      throw new Problem("too-large", "The next message does not fit here: read it over HTTP.");
    }
    more =
      left < 0 ||
      messages.length === limit ||
      (isAfterGap && isOpen(table.clock, message.precededAt));
    if (more) break;
    messages.push(entry);
    previous = message.sequence;
  }
  const last = JSON.stringify(lastId(channel));
  return `"channel":"${channel.name}","messages":[${messages.join(",")}],"more":${more},"last":${last}`;
}

/** Returns the id of the channel's latest message; null before the first. */
export function lastId(channel: Channel): string | null {
  return channel.sequence === 0 ? null : messageId(channel);
}
