import { log } from "../aws/log.ts";
import type { Queue } from "../aws/queue.ts";
import { messageId } from "../protocol/message.ts";
import type { HandedOn } from "../store/delivery-report.ts";
import { deliveriesOf, writeJob, type Job } from "./job.ts";

/**
 * Puts jobs into the delivery queue. Those of a later attempt are to be done after a while: random, and
 * longer each time. Throws where the queue does not take every one.
 */
export async function handOn(deliveries: Queue, jobs: Job[], attempt = 0): Promise<HandedOn[]> {
  if (jobs.length === 0) return [];
  const delaySeconds = Math.ceil(Math.random() * Math.min(900, 5 * 2 ** attempt));
  await deliveries.send(jobs.map(writeJob), attempt === 0 ? 0 : delaySeconds);
  return jobs.map((job) => ({ id: job.id, deliveries: deliveriesOf(job), isGivenUp: false }));
}

/** Puts jobs into the dead-letter queue. Throws where it does not take every one. */
export async function giveUp(deadLetters: Queue, jobs: Job[]): Promise<HandedOn[]> {
  await deadLetters.send(jobs.map(writeJob));
  return jobs.map((job) => {
    const { message, reason } = job;
    log.error("Given up", { id: messageId(message), deliveries: deliveriesOf(job), reason });
    return { id: job.id, deliveries: deliveriesOf(job), isGivenUp: true };
  });
}
