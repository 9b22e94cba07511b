import { log } from "../aws/log.ts";
import type { System } from "../aws/system.ts";
import type { Table } from "../aws/table.ts";
import { messageFrames } from "../protocol/frames.ts";
import type { Message } from "../protocol/message.ts";
import { removeConnections } from "../store/connection.ts";
import { subscriptionKey } from "../store/keys.ts";
import type { Subscriber } from "../store/subscribers.ts";
import { Batch } from "./batch.ts";
import { deliver } from "./engine.ts";
import { maxJobSubscribers } from "./job.ts";

export type Dispatched = { delivered: number; gone: number; queued: number };

export type DispatchOptions = {
  /** When to leave the rest, in milliseconds since the epoch. */
  until: number;
  /** Takes subscribers that were not reached, as many as a job has, and why. */
  retry: (subscribers: Subscriber[], reason: string) => Promise<void>;
};

/** Connections that are removed at a time. */
const goneTogether = 25;

/**
 * Delivers a message to these subscribers: removes those that are gone, and hands those that could
 * not be reached to `retry`.
 */
export async function dispatch(
  { table, connections, clock, deliveryConcurrency }: System,
  message: Message,
  subscribers: AsyncIterable<Subscriber> | Iterable<Subscriber>,
  { until, retry }: DispatchOptions,
): Promise<Dispatched> {
  const gone = new Batch<Subscriber>(goneTogether, (batch) => removeGone(table, batch));
  let reason = "";
  const left = new Batch<Subscriber>(maxJobSubscribers, (batch) => retry(batch, reason));
  const delivered = await deliver(subscribers, messageFrames(message), {
    ...{ post: connections.post, clock, until, concurrency: deliveryConcurrency },
    onGone: (subscriber) => gone.add(subscriber),
    onLeft: (subscriber, why) => {
      log.warn("Not reached", { connectionId: subscriber.connectionId, reason: why });
      reason = why;
      return left.add(subscriber);
    },
  });
  await Promise.all([gone.flush(), left.flush()]);
  return { delivered, gone: gone.count, queued: left.count };
}

async function removeGone(table: Table, subscribers: Subscriber[]): Promise<void> {
  await removeConnections(
    table,
    subscribers.map(({ connectionId }) => connectionId),
    subscribers.map(({ shardKey, connectionId }) => subscriptionKey(shardKey, connectionId)),
  );
}
