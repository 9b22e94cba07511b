import { dispatch, retryDelay } from "./dispatch.ts";
import { readJob } from "./job.ts";
import { log } from "../aws/log.ts";
import { idOf } from "../protocol/message.ts";
import { sendJobs } from "../aws/queue.ts";
import type { Queue } from "../aws/queue.ts";
import type { System } from "../aws/system.ts";

/** After so many attempts, half an hour in all, who is neither reached nor gone is given up. */
export const mostAttempts = 10;

/**
 * Delivers one job of the queue. Whom it does not reach it puts back as a new job, to be tried later,
 * and at last into the dead letters, with the reason. Throws where all of the job is to come back.
 */
export async function work(
  system: System,
  deadLetters: Queue,
  body: string,
  until: number,
): Promise<void> {
  const { message, recipients, attempt } = readJob(body);
  const report = await dispatch(system, message, recipients, {
    until,
    async retry(left, reason) {
      const job = { message, recipients: left, attempt: attempt + 1, reason };
      if (job.attempt < mostAttempts) {
        await sendJobs(system.deliveries, [job], retryDelay(job.attempt));
      } else {
        log.error("Given up", { id: idOf(message), recipients: left.length, reason });
        await sendJobs(deadLetters, [job]);
      }
    },
  });
  log.info("Job done", { id: idOf(message), attempt, ...report });
}
