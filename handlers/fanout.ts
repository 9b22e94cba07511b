import { log, startLog, thrown, type LambdaContext } from "./aws/log.ts";
// Every event posts: loaded before the first comes.
import "./aws/posts.ts";
import { openSystem } from "./aws/system.ts";
import { work } from "./delivery/worker.ts";

const system = openSystem();

/** Milliseconds that are left for handing on what was not delivered. */
const reserveMilliseconds = 10_000;

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
type QueueEvent = {
  Records: {
    messageId: string;
    body: string;
    attributes: { ApproximateReceiveCount: string };
  }[];
};
/** The messages that SQS is to give again; it deletes the others. */
type QueueResult = { batchItemFailures: { itemIdentifier: string }[] };

/** Does the jobs of the delivery queue, side by side: a slow one takes no time from the others. */
export async function handler(
  { Records }: QueueEvent,
  context: LambdaContext,
): Promise<QueueResult> {
  startLog({}, context);
  const until = system.clock.now() + context.getRemainingTimeInMillis() - reserveMilliseconds;
  const concurrency = Math.ceil(system.deliveryConcurrency / Records.length);
  const batchItemFailures: QueueResult["batchItemFailures"] = [];
  await Promise.all(
    Records.map(async ({ messageId, body, attributes }) => {
      try {
        const receives = Number(attributes.ApproximateReceiveCount);
        await work(system, body, { until, concurrency, receives });
      } catch (error) {
        log.error("Job failed", { messageId, error: thrown(error) });
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }),
  );
  return { batchItemFailures };
}
