import { SqsError } from "./errors.ts";
import { selected } from "./message-attributes.ts";
import type { Queue } from "./queue.ts";

/** Answers GetQueueAttributes. Throws InvalidAttributeName if a queue has no such attribute. */
export function queueAttributes(queue: Queue, names: string[]): object {
  const { description } = queue;
  const { redrive } = description;
  const { visible, inFlight, delayed } = queue.counts();
  const attributes = {
    QueueArn: description.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    VisibilityTimeout: String(description.visibilityTimeoutSeconds),
    MaximumMessageSize: String(description.maxMessageBytes),
    MessageRetentionPeriod: String(description.messageRetentionSeconds),
    DelaySeconds: String(description.delaySeconds),
    ...(redrive && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: redrive.deadLetterQueueArn,
        maxReceiveCount: redrive.maxReceiveCount,
      }),
    }),
  };
  // A queue without a dead-letter queue has no RedrivePolicy, and yet may be asked for it.
  const known = [...Object.keys(attributes), "All", "RedrivePolicy"];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new SqsError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
  }
  const answered = selected(attributes, names);
  return Object.keys(answered).length > 0 ? { Attributes: answered } : {};
}
