import type { Message } from "../protocol/message.ts";
import type { Recipient } from "../store/subscribers.ts";

/** A part of a message's delivery that another function takes over. */
export type Job = {
  message: Message;
  recipients: Recipient[];
  /** How often these recipients were tried before: 0 where nobody has yet. */
  attempt: number;
  /** Why the last attempt did not reach them. */
  reason?: string | undefined;
};

/**
 * Recipients of one job. A job takes at most 175 kB of text (128 KB in base64) and 36 kB of these,
 * and so stays below the queue's 262,144 bytes whatever the sizes.
 */
export const jobRecipients = 400;

/**
 * A job as the body of a queue's message. SQS does not take every character that a message may have,
 * so the text goes in base64:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function writeJob({ message, recipients, attempt, reason }: Job): string {
  const text = Buffer.from(message.text).toString("base64");
  const rows = recipients.map(({ connectionId, kind, connectedAt, expiresAt, slot }) => [
    connectionId,
    kind,
    connectedAt,
    slot.slice(message.channel.length + 1),
    expiresAt,
  ]);
  return JSON.stringify({ message: { ...message, text }, rows, attempt, reason });
}

/** Throws a SyntaxError for what is no JSON; whatever else is in the queue, we wrote. */
export function readJob(body: string): Job {
  const { message, rows, attempt, reason } = JSON.parse(body) as Written;
  return {
    message: { ...message, text: Buffer.from(message.text, "base64").toString() },
    recipients: rows.map(([connectionId, kind, connectedAt, shard, expiresAt]) => {
      const slot = `${message.channel}#${shard}`;
      return { connectionId, kind, connectedAt, expiresAt, slot };
    }),
    attempt,
    reason,
  };
}

type Written = {
  message: Message;
  rows: [string, Recipient["kind"], number, string, number][];
  attempt: number;
  reason?: string;
};
