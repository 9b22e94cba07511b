import { log } from "../aws/log.ts";
import type { System } from "../aws/system.ts";
import type { Content } from "../protocol/content.ts";
import { checkSize, messageFrames } from "../protocol/frames.ts";
import { messageId } from "../protocol/message.ts";
import { nextInChannel } from "../store/channel.ts";
import { keep } from "../store/history.ts";
import { subscribersOf, type Subscriber } from "../store/subscribers.ts";
import { dispatch } from "./dispatch.ts";
import { enqueue, retryLater } from "./enqueue.ts";

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
): Promise<Published> {
  const { table, clock, deliveries, historySeconds, maxMessageBytes } = system;
  const draft = { ...content, channel, time: new Date(clock.now()).toISOString() };
  // No id is taken for a message that has no room: these are as long as any can be.
  const longest = { ...draft, epoch: "longer", sequence: Number.MAX_SAFE_INTEGER };
  checkSize(messageFrames(longest), maxMessageBytes);

  const current = await nextInChannel(table, channel);
  const message = { ...draft, epoch: current.epoch, sequence: current.sequence };
  // Kept before the subscribers are read: who subscribes too late to be read finds it kept.
  if (historySeconds > 0) await keep(table, message, historySeconds);

  const subscribers = subscribersOf(table, current);
  const first = await take(subscribers, system.inlineRecipients);
  const [dispatched, enqueued] = await Promise.all([
    dispatch(system, message, first, {
      until: clock.now() + dispatchMilliseconds,
      retry: (left, reason) =>
        retryLater(deliveries, { message, subscribers: left, attempt: 1, reason }),
    }),
    enqueue(deliveries, message, subscribers),
  ]);
  const queued = dispatched.queued + enqueued;
  const published = { id: messageId(message), channel, ...dispatched, queued };
  log.info("Published", published);
  return published;
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
