import { log } from "../aws/log.ts";
import type { System } from "../aws/system.ts";
import type { Table } from "../aws/table.ts";
import { messageFrames } from "../protocol/frames.ts";
import type { Message } from "../protocol/message.ts";
import { subscriptionKey } from "../store/keys.ts";
import { removeConnections } from "../store/removal.ts";
import type { Subscriber } from "../store/subscribers.ts";
import { Batch } from "./batch.ts";
import { deliver } from "./engine.ts";
import { maxJobSubscribers } from "./job.ts";

export type Dispatched = { delivered: number; gone: number; queued: number };

export type DispatchOptions = {
  /** When to leave the rest, in milliseconds since the epoch. */
  until: number;
  /** Subscribers that are served at the same time. Defaults to all posts that the function makes. */
  concurrency?: number;
  /** Takes subscribers to whom a post was made in vain, as many as a job has, and why. */
  onUnreached: (subscribers: Subscriber[], reason: string) => Promise<void>;
  /** Takes subscribers for whom there was no time, as many as a job has. */
  onUntried: (subscribers: Subscriber[]) => Promise<void>;
};

/** Connections that are removed at a time. */
const goneTogether = 25;

/**
 * Delivers a message to these subscribers: removes those that are gone, and hands on those that do
 * not have it.
 */
export async function dispatch(
  { table, connections, clock, deliveryConcurrency }: System,
  message: Message,
  subscribers: AsyncIterable<Subscriber> | Iterable<Subscriber>,
  { until, concurrency = deliveryConcurrency, onUnreached, onUntried }: DispatchOptions,
): Promise<Dispatched> {
  const gone = new Batch<Subscriber>(goneTogether, (batch) => removeGone(table, batch));
  const unreached = new Map<string, Batch<Subscriber>>();
  const untried = new Batch<Subscriber>(maxJobSubscribers, onUntried);
  const delivered = await deliver(subscribers, messageFrames(message), {
    ...{ post: connections.post, clock, until, concurrency },
    onGone: (subscriber) => gone.add(subscriber),
    onLeft: (subscriber, { isTried, reason }) => {
      if (!isTried) return untried.add(subscriber);
      log.warn("Not reached", { connectionId: subscriber.connectionId, reason });
      const ofReason =
        unreached.get(reason) ??
        new Batch<Subscriber>(maxJobSubscribers, (batch) => onUnreached(batch, reason));
      unreached.set(reason, ofReason);
      return ofReason.add(subscriber);
    },
  });
  const left = [...unreached.values(), untried];
  await Promise.all([gone, ...left].map((batch) => batch.flush()));
  return { delivered, gone: gone.count, queued: left.reduce((sum, { count }) => sum + count, 0) };
}

async function removeGone(table: Table, subscribers: Subscriber[]): Promise<void> {
  await removeConnections(
    table,
    subscribers.map(({ connectionId }) => connectionId),
    subscribers.map(({ shardKey, connectionId }) => subscriptionKey(shardKey, connectionId)),
  );
}
