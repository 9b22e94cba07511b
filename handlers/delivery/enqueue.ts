import type { Queue } from "../aws/queue.ts";
import type { Message } from "../protocol/message.ts";
import type { Subscriber } from "../store/subscribers.ts";
import { Batch } from "./batch.ts";
import { maxJobSubscribers, writeJob, type Job } from "./job.ts";

/** Hands subscribers to the queue, in as many jobs as that takes; returns how many they were. */
export async function enqueue(
  deliveries: Queue,
  message: Message,
  subscribers: AsyncIterable<Subscriber>,
): Promise<number> {
  // Ten jobs are one request to SQS.
  const jobs = new Batch<Job>(10, (batch) => sendJobs(deliveries, batch));
  const perJob = new Batch<Subscriber>(maxJobSubscribers, (batch) =>
    jobs.add({ message, subscribers: batch, attempt: 0 }),
  );
  for await (const subscriber of subscribers) await perJob.add(subscriber);
  await perJob.flush();
  await jobs.flush();
  return perJob.count;
}

/** Puts a job back into the queue, to be done again after a while: random, and longer each time. */
export function retryLater(deliveries: Queue, job: Job): Promise<void> {
  return sendJobs(deliveries, [job], retryDelay(job.attempt));
}

/** Throws where the queue does not take every job. */
export function sendJobs(queue: Queue, jobs: Job[], delaySeconds = 0): Promise<void> {
  return queue.send(jobs.map(writeJob), delaySeconds);
}

function retryDelay(attempt: number): number {
  return Math.ceil(Math.random() * Math.min(900, 5 * 2 ** attempt));
}
