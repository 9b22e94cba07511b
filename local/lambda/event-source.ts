import type { EventSourceMappingDescription, FunctionDescription } from "../graph/description.ts";
import { policy } from "../iam/policy.ts";
import type { Queue } from "../sqs/queue.ts";
import { StartError } from "../shared/start-error.ts";
import { succeeded } from "./batch-response.ts";
import type { LambdaService } from "./service.ts";
import { sqsEvent } from "./sqs-event.ts";

/** Lambda's poller of one event source mapping. */
export type EventSource = {
  /** Whether the function is at work on messages. */
  busy(): boolean;
  /** Receives nothing more, and leaves what the function has in hand to its queue. */
  close(): void;
};

// Batches that Lambda begins with, and here stays with, where the mapping has no maximum.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
const defaultConcurrency = 5;

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
const neededActions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

/**
 * Invokes a function with the messages of a queue as they become visible, and deletes those that it
 * has done with; the others come back when their visibility timeout is over. `onIdle` is called when
 * the function has nothing in hand any more.
 *
 * Throws a StartError where the function's role does not let Lambda receive from the queue.
 */
export function eventSource(options: {
  mapping: EventSourceMappingDescription;
  fn: FunctionDescription;
  queue: Queue;
  run: LambdaService["run"];
  onIdle: () => void;
}): EventSource {
  const { mapping, fn, queue, run, onIdle } = options;
  const { batchSize, maxConcurrency = defaultConcurrency, reportBatchItemFailures } = mapping;
  const allows = policy(fn.role.statements);
  const missing = neededActions.find((action) => allows(action, mapping.queueArn) !== "allowed");
  if (missing !== undefined) {
    throw new StartError(
      `Function "${fn.name}" cannot work on ${mapping.queueArn}: its role does not allow ${missing}.`,
    );
  }

  let active = 0;
  let closed = false;

  const work = async (messages: ReturnType<Queue["receive"]>) => {
    const result = await run(fn.arn, sqsEvent(messages, queue.description), mapping.queueArn);
    if (closed) return;
    const ids = messages.map(({ id }) => id);
    const done = succeeded(ids, result, reportBatchItemFailures);
    for (const { id, receiptHandle } of messages) {
      if (done.includes(id)) queue.delete(receiptHandle);
    }
    active--;
    poll();
    if (active === 0) onIdle();
  };

  const poll = () => {
    while (active < maxConcurrency) {
      const messages = queue.receive(batchSize);
      if (messages.length === 0) return;
      active++;
      void work(messages);
    }
  };

  const unsubscribe = queue.onChange(poll);
  poll();
  return {
    busy: () => active > 0,
    close() {
      closed = true;
      unsubscribe();
    },
  };
}
