import { log } from "../aws/log.ts";
import { metrics } from "../aws/metrics.ts";
import type { System } from "../aws/system.ts";
import type { Content } from "../protocol/content.ts";
import { checkSize, messageFrames } from "../protocol/frames.ts";
import { messageId, sincePublish, type Message, type Omission } from "../protocol/message.ts";
import { isWatchers } from "../protocol/presence.ts";
import { findChannel, nextInChannel, type Channel } from "../store/channel.ts";
import { publishJob, reportOf, type Report } from "../store/delivery-report.ts";
import { isKept, keep } from "../store/history.ts";
import { firstRecipients, firstSubscribers } from "../store/subscribers.ts";
import { dispatch, type DispatchOptions } from "./dispatch.ts";
import { outcomeMetrics } from "./outcome-metrics.ts";

/** What became of a message by the time that its publish ends. */
export type Published = { id: string; channel: string } & Report;

/** What makes a message out of content, and is its own. */
export type Numbered = Pick<Message, "epoch" | "sequence" | "time">;

export type PublishOptions = Omission &
  Partial<DispatchOptions> & {
    /** What a publish of the same content had, that may have failed: this one goes on with it. */
    numbered?: Numbered | undefined;
    /** Called when the message has its number, and before anybody gets it. */
    onNumbered?: (numbered: Numbered) => Promise<void>;
  };

/** Milliseconds that a publish itself keeps trying; the queue takes what it leaves. */
const dispatchMilliseconds = 5_000;

/**
 * Sends content to everyone on the channel: each has it, or is gone, or its delivery is in the queue.
 * Throws a Problem for content that is too large. Whatever else it throws: publish again.
 */
export async function publish(
  system: System,
  channel: string,
  content: Content,
  options: PublishOptions = {},
): Promise<Published> {
  const { table, clock, historySeconds, inlineRecipients, maxMessageBytes } = system;
  const { from, exclude } = options;
  const time = new Date(clock.now()).toISOString();
  const draft = { ...content, from, exclude, channel, time };
  // No id is taken for a message that has no room: these are as long as any can be.
  const longest = { ...draft, epoch: "longer", sequence: Number.MAX_SAFE_INTEGER };
  checkSize(messageFrames(longest), maxMessageBytes);

  const { current, numbered, precededAt } = await number(system, channel, draft.time, options);
  const message = { ...draft, ...numbered };
  const readFirst =
    system.prefixSubscriptions && !isWatchers(channel) ? firstRecipients : firstSubscribers;
  // Side by side, in either order. Whose row is there once the message has its number is read. Whose comes
  // later has read the channel after that, and so has the number up to `last`: a replay waits for it to be
  // kept, or does not say that it has recovered. But nobody gets a message that is not kept.
  const [portion] = await Promise.all([
    readFirst(table, current, inlineRecipients),
    historySeconds > 0 && keep(table, message, historySeconds, precededAt),
  ]);
  const { until = clock.now() + dispatchMilliseconds, concurrency } = options;
  const task = { id: publishJob, message, attempt: 0 };
  const outcome = await dispatch(system, task, portion, { until, concurrency });
  const published = { id: messageId(message), channel, ...reportOf(message, outcome, clock.now()) };
  const counted = metrics(clock.now(), {
    MessagesPublished: 1,
    BytesPublished: Buffer.byteLength(content.text),
    ...outcomeMetrics(outcome),
    PublishLatency: sincePublish(message, outcome.endedAt),
  });
  // Who is told of members gets no message of anybody's.
  const isFigure = outcome.isCounted && !isWatchers(channel);
  log.info("Published", { ...published, ...(isFigure && counted) });
  return published;
}

/** Takes the channel's next number, unless the message has one that it can go on with. */
async function number(
  system: System,
  channel: string,
  time: string,
  { numbered, onNumbered }: PublishOptions,
): Promise<{ current: Channel; numbered: Numbered; precededAt?: number }> {
  const { table } = system;
  if (numbered !== undefined && !(await wasNeverOut(system, channel, numbered))) {
    return { current: await findChannel(table, channel), numbered };
  }
  const current = await nextInChannel(table, channel);
  const taken = { epoch: current.epoch, sequence: current.sequence, time };
  await onNumbered?.(taken);
  return { current, numbered: taken, precededAt: current.precededAt };
}

/**
 * Returns whether nobody can have got a message: it is kept before anybody gets it, would be kept still,
 * and is not. By its number it would be late by then: whoever has read on past it takes that number for
 * one of a publish that failed.
 */
async function wasNeverOut(
  { table, clock, historySeconds }: System,
  channel: string,
  { epoch, sequence, time }: Numbered,
): Promise<boolean> {
  const isOld = clock.now() - Date.parse(time) >= historySeconds * 1000;
  return !isOld && !(await isKept(table, { channel, epoch, sequence }));
}
