import { Batch } from "./batch.ts";
import { removeConnections } from "../store/connection.ts";
import { deliver } from "./engine.ts";
import { jobRecipients } from "./job.ts";
import type { Job } from "./job.ts";
import { log } from "../aws/log.ts";
import { framesOf } from "../protocol/message.ts";
import type { Message } from "../protocol/message.ts";
import { sendJobs } from "../aws/queue.ts";
import type { Recipient } from "../store/subscribers.ts";
import type { System } from "../aws/system.ts";
import { subscriptionKey } from "../aws/table.ts";

export type Dispatched = { delivered: number; gone: number; queued: number };

/** How many connections are removed at a time. */
const goneTogether = 25;

/**
 * Delivers a message to these recipients: removes those that are gone, and hands those that could
 * not be reached to `retry`, as jobs.
 */
export async function dispatch(
  { table, post, time, concurrency }: System,
  message: Message,
  recipients: AsyncIterable<Recipient> | Iterable<Recipient>,
  {
    until,
    retry,
  }: { until: number; retry: (recipients: Recipient[], reason: string) => Promise<void> },
): Promise<Dispatched> {
  const gone = new Batch<Recipient>(goneTogether, (together) => forget(table, together));
  let reason = "";
  const left = new Batch<Recipient>(jobRecipients, (together) => retry(together, reason));
  const delivered = await deliver(recipients, framesOf(message), {
    ...{ post, time, concurrency, until },
    onGone: (recipient) => gone.add(recipient),
    onLeft: (recipient, why) => {
      log.warn("Not reached", { connectionId: recipient.connectionId, reason: why });
      reason = why;
      return left.add(recipient);
    },
  });
  await Promise.all([gone.flush(), left.flush()]);
  return { delivered, gone: gone.count, queued: left.count };
}

/** Hands the recipients to the queue, as many jobs as that takes. */
export async function enqueue(
  { deliveries }: System,
  message: Message,
  recipients: AsyncIterable<Recipient>,
): Promise<number> {
  // Ten jobs are one request to SQS.
  const jobs = new Batch<Job>(10, (together) => sendJobs(deliveries, together));
  const batch = new Batch<Recipient>(jobRecipients, (together) =>
    jobs.add({ message, recipients: together, attempt: 0 }),
  );
  for await (const recipient of recipients) await batch.add(recipient);
  await batch.flush();
  await jobs.flush();
  return batch.count;
}

/** Seconds until a job is tried again: random, and longer with each attempt. */
export function retryDelay(attempt: number): number {
  return Math.ceil(Math.random() * Math.min(900, 5 * 2 ** attempt));
}

async function forget(table: System["table"], recipients: Recipient[]): Promise<void> {
  await removeConnections(
    table,
    recipients.map(({ connectionId }) => connectionId),
    recipients.map(({ slot, connectionId }) => subscriptionKey(slot, connectionId)),
  );
}
