import { log } from "../aws/log.ts";
import type { System } from "../aws/system.ts";
import { messageId } from "../protocol/message.ts";
import { dispatch } from "./dispatch.ts";
import { retryLater, sendJobs } from "./enqueue.ts";
import { readJob } from "./job.ts";

/** After so many attempts, half an hour in all, who is neither reached nor gone is given up. */
export const maxAttempts = 10;

/**
 * Does one job of the queue until `until`, in milliseconds since the epoch. Puts whom it does not
 * reach back as a new job, to be tried later, and at last into the dead letters, with the reason.
 * Throws where all of the job is to come back.
 */
export async function work(system: System, body: string, until: number): Promise<void> {
  const { message, subscribers, attempt } = readJob(body);
  const id = messageId(message);
  const dispatched = await dispatch(system, message, subscribers, {
    until,
    async retry(left, reason) {
      const job = { message, subscribers: left, attempt: attempt + 1, reason };
      if (job.attempt < maxAttempts) return retryLater(system.deliveries, job);
      log.error("Given up", { id, subscribers: left.length, reason });
      return sendJobs(system.deadLetters, [job]);
    },
  });
  log.info("Job done", { id, attempt, ...dispatched });
}
