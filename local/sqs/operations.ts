import type { Clock } from "../shared/clock.ts";
import { batchEntries, forEach } from "./batch.ts";
import { SqsError } from "./errors.ts";
import type { Input } from "./input.ts";
import { longPoll } from "./long-poll.ts";
import { selected, systemAttributes } from "./message-attributes.ts";
import { checkBody, md5 } from "./message-body.ts";
import type { Queue, ReceivedMessage } from "./queue.ts";
import { queueAttributes } from "./queue-attributes.ts";

/** A request that is allowed. */
export type Call = {
  queue: Queue;
  input: Input;
  /** ARN of the caller. */
  principal: string;
  /** The tracing header of the request, if it has one. */
  traceHeader: string | undefined;
  clock: Clock;
  /** Aborts when the client has gone. */
  gone: AbortSignal;
};

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
const maxBatchBytes = 1_048_576;
const maxDelaySeconds = 900;
const maxMessages = 10;
const maxVisibilitySeconds = 43_200;
const maxWaitSeconds = 20;

/** The operations of the local queues by their name. Each may throw an SqsError. */
export const operations: Record<string, (call: Call) => object | Promise<object>> = {
  SendMessage: (call) => sendMessage(call, call.input),
  SendMessageBatch(call) {
    const entries = batchEntries(call.input);
    checkBatchSize(entries);
    return forEach(entries, (entry) => sendMessage(call, entry));
  },
  ReceiveMessage: receiveMessages,
  DeleteMessage: ({ queue, input }) => deleteMessage(queue, input),
  DeleteMessageBatch: ({ queue, input }) =>
    forEach(batchEntries(input), (entry) => deleteMessage(queue, entry)),
  ChangeMessageVisibility: ({ queue, input }) => changeVisibility(queue, input),
  ChangeMessageVisibilityBatch: ({ queue, input }) =>
    forEach(batchEntries(input), (entry) => changeVisibility(queue, entry)),
  GetQueueAttributes: ({ queue, input }) => queueAttributes(queue, input.texts("AttributeNames")),
  PurgeQueue({ queue }) {
    queue.purge();
    return {};
  },
};

function sendMessage({ queue, principal, traceHeader }: Call, input: Input): object {
  const body = input.text("MessageBody");
  for (const parameter of ["MessageAttributes", "MessageGroupId", "MessageDeduplicationId"]) {
    if (input.has(parameter)) {
      throw new SqsError("UnsupportedOperation", `The local stack takes no ${parameter}.`);
    }
  }
  const delaySeconds = input.integer("DelaySeconds", 0, maxDelaySeconds);
  checkBody(body, queue.description.maxMessageBytes);
  const { id } = queue.send({ body, senderId: principal, traceHeader, delaySeconds });
  return { MessageId: id, MD5OfMessageBody: md5(body) };
}

function checkBatchSize(entries: Input[]): void {
  const bytes = entries.reduce(
    (sum, entry) => sum + Buffer.byteLength(entry.text("MessageBody")),
    0,
  );
  if (bytes > maxBatchBytes) {
    throw new SqsError(
      "BatchRequestTooLong",
      `Batch requests cannot be longer than ${maxBatchBytes} bytes. You have sent ${bytes} bytes.`,
    );
  }
}

async function receiveMessages({ queue, input, clock, gone }: Call): Promise<object> {
  const limit = input.integer("MaxNumberOfMessages", 1, maxMessages) ?? 1;
  const timeout = input.integer("VisibilityTimeout", 0, maxVisibilitySeconds);
  const waitSeconds = input.integer("WaitTimeSeconds", 0, maxWaitSeconds) ?? 0;
  const names = [...input.texts("AttributeNames"), ...input.texts("MessageSystemAttributeNames")];
  const take = () => queue.receive(limit, timeout);
  const messages = await longPoll({ queue, take, waitSeconds, clock, gone });
  return messages.length === 0 ? {} : { Messages: messages.map((one) => asAnswered(one, names)) };
}

function asAnswered(message: ReceivedMessage, names: string[]): object {
  const { id, body, receiptHandle } = message;
  const attributes = selected(systemAttributes(message), names);
  return {
    MessageId: id,
    ReceiptHandle: receiptHandle,
    MD5OfBody: md5(body),
    Body: body,
    ...(Object.keys(attributes).length > 0 && { Attributes: attributes }),
  };
}

function deleteMessage(queue: Queue, input: Input): object {
  queue.delete(input.text("ReceiptHandle"));
  return {};
}

function changeVisibility(queue: Queue, input: Input): object {
  const receiptHandle = input.text("ReceiptHandle");
  const seconds = input.integer("VisibilityTimeout", 0, maxVisibilitySeconds);
  if (seconds === undefined) {
    throw new SqsError(
      "MissingParameter",
      "The request must contain the parameter VisibilityTimeout.",
    );
  }
  queue.changeVisibility(receiptHandle, seconds);
  return {};
}
