import { sleep } from "../aws/clock.ts";
import { prepare } from "../aws/connections.ts";
import type { System } from "../aws/system.ts";
import { frameFor, messageFrames } from "../protocol/frames.ts";
import { sequenceOf } from "../protocol/message.ts";
import type { Channel } from "../store/channel.ts";
import type { Connection } from "../store/connection.ts";
import { keptAfter } from "../store/history.ts";

/** Milliseconds to wait for a message that has its sequence, and is not yet kept. */
const gapDelays = [50, 100, 200];

/**
 * Posts to a connection, in order, every kept message that comes after the id `since`, which is null
 * before the first.
 * Returns whether that was all that the connection has missed: false where a message up to the
 * channel's current one is not kept, where `since` is no id of this channel, and where time runs out.
 *
 * The connection has to be subscribed by now. What is not kept yet when this reads is then read by
 * its own publish together with the subscription: a message is kept before its subscribers are read.
 */
export async function replay(
  { table, connections, clock }: System,
  { connectionId, protocol }: Connection,
  channel: Channel,
  since: string | null,
  hasTime: () => boolean,
): Promise<boolean> {
  const seen = since === null ? 0 : sequenceOf(since, channel);
  if (seen === undefined) return false;
  let last = seen;
  let isWhole = true;
  for (let tries = 0; ; tries++) {
    const delay = gapDelays[tries];
    for await (const message of keptAfter(table, channel, last)) {
      const follows = message.sequence === last + 1 || last >= channel.sequence;
      if (!follows && delay !== undefined) break;
      isWhole &&= follows;
      if (!hasTime()) return false;
      const frame = prepare(frameFor(protocol, messageFrames(message)));
      if ((await connections.post(connectionId, frame)) !== 200) return false;
      last = message.sequence;
    }
    if (last >= channel.sequence) return isWhole;
    if (delay === undefined) return false;
    await sleep(clock, delay);
  }
}
