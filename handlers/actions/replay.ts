import { sleep } from "../aws/clock.ts";
import { prepare } from "../aws/connections.ts";
import type { System } from "../aws/system.ts";
import { postUntilDone } from "../delivery/engine.ts";
import { frameFor, messageFrames } from "../protocol/frames.ts";
import { maxReplayedMessages } from "../protocol/limits.ts";
import { leavesOut, sequenceOf } from "../protocol/message.ts";
import type { Channel } from "../store/channel.ts";
import type { Connection } from "../store/connection.ts";
import { keptFrom, type KeptMessage } from "../store/history.ts";
import { isOpen, wasNeverKept } from "./gap.ts";

/**
 * Milliseconds to wait for messages that have their number, and are not yet kept. Every one has had its number
 * before the first wait: so these are for all channels together.
 */
const gapDelays = [50, 100, 200];

/** A channel, and the id after which it is to be replayed, which is null before its first. */
export type Resumed = { channel: Channel; since: string | null };

/** What the channels of one replay share. */
type Shared = {
  /** Posts a message; returns whether that was done. */
  post: (message: KeptMessage) => Promise<boolean>;
  /** The waits that are left. */
  delays: number[];
};

/**
 * Posts to a connection every kept message of these channels that comes after their ids, in the order of each
 * channel, but for those that leave it out.
 * Returns whether that was all that the connection has missed: false where a message up to a channel's
 * current one is not kept, where `since` is no id of its channel, after 1,000 messages, and where the
 * connection takes no more posts until `until`, in milliseconds since the epoch.
 *
 * The connection is subscribed by now, and each channel was read after its row was written. So a message
 * above its channel's sequence is read together with the row by its own publish, and comes by that.
 */
export async function replay(
  system: System,
  connection: Connection,
  resumed: Resumed[],
  until: number,
): Promise<boolean> {
  /** Posts that are left; below 0 after one that was not done, which ends the replay. */
  let left = maxReplayedMessages;
  const post = async (message: KeptMessage) => {
    const isDone = left > 0 && (await isPosted(system, connection, message, until));
    left = isDone ? left - 1 : -1;
    return isDone;
  };
  const shared = { post, delays: [...gapDelays] };
  let isWhole = true;
  for (const one of resumed) {
    if (left < 0) return false;
    isWhole = (await replayChannel(system, connection, one, shared)) && isWhole;
  }
  return isWhole;
}

async function replayChannel(
  system: System,
  connection: Connection,
  { channel, since }: Resumed,
  { post, delays }: Shared,
): Promise<boolean> {
  const { table, clock, historySeconds } = system;
  const seen = since === null ? 0 : sequenceOf(since, channel);
  if (seen === undefined) return false;
  if (seen === channel.sequence) return true;
  if (historySeconds === 0) return false;

  let last = seen;
  let before: KeptMessage | undefined;
  let isWhole = true;
  for (;;) {
    /** Whether to wait for what is missing, the latest of which was numbered then. */
    const waits = (numberedAt: number) => isOpen(clock, numberedAt) && delays.length > 0;
    let isWaiting = false;
    for await (const message of keptFrom(table, channel, last)) {
      if (message.sequence > channel.sequence) break;
      if (message.sequence > last) {
        if (message.sequence > last + 1) {
          isWaiting = waits(message.precededAt);
          if (isWaiting) break;
          isWhole &&= !isOpen(clock, message.precededAt) && wasNeverKept(clock, before);
        }
        if (!leavesOut(message, connection) && !(await post(message))) return false;
      }
      last = message.sequence;
      before = message;
    }
    if (!isWaiting && last === channel.sequence) return isWhole;
    if (!isWaiting && !waits(channel.numberedAt)) {
      return isWhole && !isOpen(clock, channel.numberedAt) && wasNeverKept(clock, before);
    }
    await sleep(clock, delays.shift() ?? 0);
  }
}

async function isPosted(
  { connections, clock }: System,
  connection: Connection,
  message: KeptMessage,
  until: number,
): Promise<boolean> {
  const frame = prepare(frameFor(connection.protocol, messageFrames(message)));
  const options = { post: connections.post, clock, until, maxTries: Infinity };
  return (await postUntilDone(connection, frame, options)).outcome === "delivered";
}
