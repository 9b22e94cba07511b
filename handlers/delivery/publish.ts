import { log } from "../aws/log.ts";
import type { System } from "../aws/system.ts";
import type { Content } from "../protocol/content.ts";
import { checkSize, messageFrames } from "../protocol/frames.ts";
import { messageId, type Message } from "../protocol/message.ts";
import { findChannel, nextInChannel, type Channel } from "../store/channel.ts";
import { isKept, keep } from "../store/history.ts";
import { subscribersOf, type Subscriber } from "../store/subscribers.ts";
import { dispatch } from "./dispatch.ts";
import { enqueue, retryLater, sendJobs } from "./enqueue.ts";

export type Published = {
  id: string;
  channel: string;
  /** Subscribers that have the message. */
  delivered: number;
  /** Subscribers whose connection was no more; their items are removed. */
  gone: number;
  /** Subscribers whose delivery is in the queue. */
  queued: number;
};

/** What makes a message out of content, and is its own. */
export type Numbered = Pick<Message, "epoch" | "sequence" | "time">;

export type PublishOptions = {
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
  const { table, clock, deliveries, historySeconds, maxMessageBytes } = system;
  const draft = { ...content, channel, time: new Date(clock.now()).toISOString() };
  // No id is taken for a message that has no room: these are as long as any can be.
  const longest = { ...draft, epoch: "longer", sequence: Number.MAX_SAFE_INTEGER };
  checkSize(messageFrames(longest), maxMessageBytes);

  const { current, numbered, precededAt } = await number(system, channel, draft.time, options);
  const message = { ...draft, ...numbered };
  // Kept before the subscribers are read: who subscribes too late to be read finds it kept.
  if (historySeconds > 0) await keep(table, message, historySeconds, precededAt);

  const subscribers = subscribersOf(table, current);
  const first = await take(subscribers, system.inlineRecipients);
  const [dispatched, enqueued] = await Promise.all([
    dispatch(system, message, first, {
      until: clock.now() + dispatchMilliseconds,
      onUnreached: (left, reason) =>
        retryLater(deliveries, { message, subscribers: left, attempt: 1, reason }),
      onUntried: (left) => sendJobs(deliveries, [{ message, subscribers: left, attempt: 0 }]),
    }),
    enqueue(deliveries, message, subscribers),
  ]);
  const queued = dispatched.queued + enqueued;
  const published = { id: messageId(message), channel, ...dispatched, queued };
  log.info("Published", published);
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

/** Takes the first of a stream, which goes on after them. */
async function take(stream: AsyncGenerator<Subscriber>, max: number): Promise<Subscriber[]> {
  const taken: Subscriber[] = [];
  while (taken.length < max) {
    const next = await stream.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
}
