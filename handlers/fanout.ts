import { dispatch, retryDelay } from "./channels/dispatch.ts";
import { readEnvironment } from "./channels/environment.ts";
import { readJob } from "./channels/job.ts";
import { log, thrown } from "./channels/log.ts";
import { idOf } from "./channels/message.ts";
import { openQueue, sendJobs } from "./channels/queue.ts";
import { openSystem } from "./channels/system.ts";

const system = openSystem();
const deadLetters = openQueue(readEnvironment("DEAD_LETTER_QUEUE_URL").DEAD_LETTER_QUEUE_URL);

/** After so many attempts, half an hour in all, who is neither reached nor gone is given up. */
const mostAttempts = 10;

/** Milliseconds that are left for handing on what was not delivered. */
const reserveMilliseconds = 10_000;

type QueueEvent = { Records: { messageId: string; body: string }[] };
type Context = { getRemainingTimeInMillis(): number };
/** The messages that SQS is to give again; it deletes the others. */
type QueueResult = { batchItemFailures: { itemIdentifier: string }[] };

/** Delivers the jobs of the delivery queue. */
export async function handler({ Records }: QueueEvent, context: Context): Promise<QueueResult> {
  const until = system.time.now() + context.getRemainingTimeInMillis() - reserveMilliseconds;
  const batchItemFailures: QueueResult["batchItemFailures"] = [];
  for (const { messageId, body } of Records) {
    log.resetKeys();
    try {
      await work(body, until);
    } catch (error) {
      log.error("Job failed", { messageId, error: thrown(error) });
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

async function work(body: string, until: number): Promise<void> {
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
