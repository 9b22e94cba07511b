import { log } from "../aws/log.ts";
import type { System } from "../aws/system.ts";
import { messageId } from "../protocol/message.ts";
import { dispatch } from "./dispatch.ts";
import { retryLater, sendJobs } from "./enqueue.ts";
import { readJob } from "./job.ts";

/** After so many attempts, half an hour in all, who is neither reached nor gone is given up. */
export const maxAttempts = 10;

export type WorkOptions = {
  /** When to leave the rest, in milliseconds since the epoch. */
  until: number;
  /** Subscribers that are served at the same time. */
  concurrency?: number;
};

/**
 * Does one job of the queue. Puts whom it does not reach back as a new job, to be tried later, and at
 * last into the dead letters, with the reason. An attempt is one in which a post was made: for whom
 * there was no time comes back at once, as often tried as before.
 * Throws where all of the job is to come back.
 */
export async function work(system: System, body: string, options: WorkOptions): Promise<void> {
  const { message, subscribers, attempt, reason: lastReason } = readJob(body);
  const { deliveries, deadLetters } = system;
  const id = messageId(message);
  const dispatched = await dispatch(system, message, subscribers, {
    ...options,
    async onUnreached(left, reason) {
      const job = { message, subscribers: left, attempt: attempt + 1, reason };
      if (job.attempt < maxAttempts) return retryLater(deliveries, job);
      log.error("Given up", { id, subscribers: left.length, reason });
      return sendJobs(deadLetters, [job]);
    },
    onUntried: (left) =>
      sendJobs(deliveries, [{ message, subscribers: left, attempt, reason: lastReason }]),
  });
  log.info("Job done", { id, attempt, ...dispatched });
}
