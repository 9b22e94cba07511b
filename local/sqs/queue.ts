import { randomUUID } from "node:crypto";
import type { Clock } from "../shared/clock.ts";
import type { QueueDescription } from "../graph/description.ts";
import { SqsError } from "./errors.ts";
import { MessageStore, type Message } from "./message-store.ts";
import { readReceiptHandle, writeReceiptHandle } from "./receipt-handle.ts";

export type ReceivedMessage = Message & { receiptHandle: string };

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html
const purgeMilliseconds = 60_000;

/** A standard queue, in memory. It delivers messages in the order in which they were sent. */
export class Queue {
  readonly description: QueueDescription;
  readonly #clock: Clock;
  /** Every queue by its ARN, the dead-letter queue among them. */
  readonly #queues: ReadonlyMap<string, Queue>;
  readonly #messages: MessageStore;
  #purgedAt = -Infinity;

  constructor(description: QueueDescription, clock: Clock, queues: ReadonlyMap<string, Queue>) {
    this.description = description;
    this.#clock = clock;
    this.#queues = queues;
    this.#messages = new MessageStore(clock, description.messageRetentionSeconds);
  }

  /** Adds a message, which becomes visible after its delay, or after the queue's own if it has none. */
  send({
    delaySeconds = this.description.delaySeconds,
    ...message
  }: Pick<Message, "body" | "senderId" | "traceHeader"> & {
    delaySeconds?: number | undefined;
  }): Message {
    const sentAt = this.#clock.now();
    const visibleAt = sentAt + delaySeconds * 1000;
    const sent = { ...message, id: randomUUID(), sentAt, visibleAt, receives: 0 };
    this.#messages.put(sent);
    return sent;
  }

  /**
   * Returns at most `limit` visible messages, which are invisible for the visibility timeout that is
   * given, or else the queue's own. A message that has been received as often as the queue allows goes
   * to the dead-letter queue instead.
   */
  receive(limit: number, timeoutSeconds?: number): ReceivedMessage[] {
    const { name, arn, visibilityTimeoutSeconds, redrive } = this.description;
    const { deadLetterQueueArn = "", maxReceiveCount = Infinity } = redrive ?? {};
    const deadLetters = this.#queues.get(deadLetterQueueArn);
    const now = this.#clock.now();
    const received: ReceivedMessage[] = [];
    for (const message of this.#messages.all()) {
      if (received.length === limit) break;
      const { id, visibleAt, receives, firstReceivedAt = now } = message;
      if (visibleAt > now) continue;
      if (deadLetters !== undefined && receives >= maxReceiveCount) {
        this.#messages.delete(id);
        deadLetters.#messages.put({ ...message, deadLetterSourceArn: arn });
        continue;
      }
      const again = {
        ...message,
        visibleAt: now + (timeoutSeconds ?? visibilityTimeoutSeconds) * 1000,
        receives: receives + 1,
        firstReceivedAt,
      };
      this.#messages.put(again);
      received.push({ ...again, receiptHandle: writeReceiptHandle(name, id, again.receives) });
    }
    return received;
  }

  /**
   * Deletes a message. Does nothing if the message has been received again since, or is gone.
   * Throws ReceiptHandleIsInvalid if this is not a receipt handle of this queue.
   */
  delete(receiptHandle: string): void {
    const message = this.#find(receiptHandle);
    if (message !== undefined) this.#messages.delete(message.id);
  }

  /**
   * Makes the visibility timeout of a received message end so many seconds from now.
   * Throws MessageNotInflight if it has ended, and InvalidParameterValue if the message is gone.
   */
  changeVisibility(receiptHandle: string, seconds: number): void {
    const message = this.#find(receiptHandle);
    const now = this.#clock.now();
    if (message === undefined) {
      throw new SqsError(
        "InvalidParameterValue",
        `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
      );
    }
    if (message.visibleAt <= now) {
      throw new SqsError("MessageNotInflight", "The message referred to is not in flight.");
    }
    this.#messages.put({ ...message, visibleAt: now + seconds * 1000 });
  }

  /** Deletes every message. Throws PurgeQueueInProgress within 60 seconds of the last purge. */
  purge(): void {
    const now = this.#clock.now();
    if (now < this.#purgedAt + purgeMilliseconds) {
      throw new SqsError(
        "PurgeQueueInProgress",
        `Only one PurgeQueue operation on ${this.description.name} is allowed every 60 seconds.`,
      );
    }
    this.#purgedAt = now;
    this.#messages.clear();
  }

  /** Returns how many messages are in each state. */
  counts(): { visible: number; delayed: number; inFlight: number } {
    const now = this.#clock.now();
    const counts = { visible: 0, delayed: 0, inFlight: 0 };
    for (const { visibleAt, receives } of this.#messages.all()) {
      if (visibleAt <= now) counts.visible++;
      else if (receives === 0) counts.delayed++;
      else counts.inFlight++;
    }
    return counts;
  }

  /** Calls back soon after a message has changed, become visible or expired. Returns what ends this. */
  onChange(listener: () => void): () => void {
    return this.#messages.onChange(listener);
  }

  /** Ends every callback and leaves no timer behind. */
  close(): void {
    this.#messages.close();
  }

  /** Returns undefined if the message is gone, or has been received again since. */
  #find(receiptHandle: string): Message | undefined {
    const { id, receives } = readReceiptHandle(this.description.name, receiptHandle);
    const message = this.#messages.get(id);
    return message?.receives === receives ? message : undefined;
  }
}
