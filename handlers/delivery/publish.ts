import { nextInChannel } from "../store/channel.ts";
import type { Content } from "../protocol/content.ts";
import { dispatch, enqueue, retryDelay } from "./dispatch.ts";
import { keep } from "../store/history.ts";
import { log } from "../aws/log.ts";
import { checkSize, framesOf, idOf } from "../protocol/message.ts";
import { sendJobs } from "../aws/queue.ts";
import { recipientsOf } from "../store/subscribers.ts";
import type { Recipient } from "../store/subscribers.ts";
import type { System } from "../aws/system.ts";

export type Published = {
  id: string;
  channel: string;
  /** Recipients that have the message. */
  delivered: number;
  /** Recipients whose connection was no more; their items are removed. */
  gone: number;
  /** Recipients whose delivery is in the queue. */
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
  const { table, time, historySeconds, maximumMessageBytes } = system;
  const draft = { ...content, channel, time: new Date(time.now()).toISOString() };
  // No id is taken for a message that has no room: these are as long as any can be.
  const longest = { ...draft, epoch: "longer", sequence: Number.MAX_SAFE_INTEGER };
  checkSize(framesOf(longest), maximumMessageBytes);

  const current = await nextInChannel(table, channel);
  const message = { ...draft, epoch: current.epoch, sequence: current.sequence };
  // Kept before the subscribers are read: who subscribes too late to be read finds it kept.
  if (historySeconds > 0) await keep(table, message, historySeconds);

  const subscribers = recipientsOf(table, current);
  const first = await take(subscribers, system.inlineRecipients);
  const [dispatched, enqueued] = await Promise.all([
    dispatch(system, message, first, {
      until: time.now() + dispatchMilliseconds,
      retry: (recipients, reason) =>
        sendJobs(system.deliveries, [{ message, recipients, attempt: 1, reason }], retryDelay(1)),
    }),
    enqueue(system, message, subscribers),
  ]);
  const queued = dispatched.queued + enqueued;
  const published = { id: idOf(message), channel, ...dispatched, queued };
  log.info("Published", published);
  return published;
}

/** The first of a stream, which goes on after them. */
async function take(stream: AsyncGenerator<Recipient>, most: number): Promise<Recipient[]> {
  const taken: Recipient[] = [];
  while (taken.length < most) {
    const next = await stream.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
}
