import { log, startLog, thrown, type LambdaContext } from "./aws/log.ts";
import { openSystem } from "./aws/system.ts";
import { work } from "./delivery/worker.ts";

const system = openSystem();

/** Milliseconds that are left for handing on what was not delivered. */
const reserveMilliseconds = 10_000;

type QueueEvent = { Records: { messageId: string; body: string }[] };
/** The messages that SQS is to give again; it deletes the others. */
type QueueResult = { batchItemFailures: { itemIdentifier: string }[] };

/** Does the jobs of the delivery queue. */
export async function handler(event: QueueEvent, context: LambdaContext): Promise<QueueResult> {
  startLog({}, context);
  const until = system.clock.now() + context.getRemainingTimeInMillis() - reserveMilliseconds;
  const batchItemFailures: QueueResult["batchItemFailures"] = [];
  for (const { messageId, body } of event.Records) {
    try {
      await work(system, body, until);
    } catch (error) {
      log.error("Job failed", { messageId, error: thrown(error) });
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}
