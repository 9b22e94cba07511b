import { readEnvironment } from "./aws/environment.ts";
import { log, thrown } from "./aws/log.ts";
import { openQueue } from "./aws/queue.ts";
import { openSystem } from "./aws/system.ts";
import { work } from "./delivery/worker.ts";

const system = openSystem();
const deadLetters = openQueue(readEnvironment("DEAD_LETTER_QUEUE_URL").DEAD_LETTER_QUEUE_URL);

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
    try {
      await work(system, deadLetters, body, until);
    } catch (error) {
      log.error("Job failed", { messageId, error: thrown(error) });
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}
