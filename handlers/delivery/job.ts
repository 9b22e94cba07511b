import type { Protocol } from "../protocol/frames.ts";
import type { Message } from "../protocol/message.ts";
import type { Subscriber } from "../store/subscribers.ts";

/** A part of a message's delivery that the fanout function takes over. */
export type Job = {
  message: Message;
  subscribers: Subscriber[];
  /** How often these subscribers were tried before: 0 where nobody has yet. */
  attempt: number;
  /** Why the last attempt did not reach them. */
  reason?: string | undefined;
};

/**
 * Subscribers of one job. A job takes at most 175 kB of text (128 KB in base64) and 40 kB of these,
 * and so stays below the queue's 262,144 bytes whatever the sizes.
 */
export const maxJobSubscribers = 400;

/**
 * Writes a job as the body of a queue's message. SQS does not take every character that a message may
 * have, so the text goes in base64:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function writeJob({ message, subscribers, attempt, reason }: Job): string {
  const text = Buffer.from(message.text).toString("base64");
  const rows = subscribers.map(
    ({ connectionId, protocol, connectedAt, expiresAt, shardKey }): Row => [
      connectionId,
      protocol,
      connectedAt,
      shardKey.slice(message.channel.length + 1),
      expiresAt,
    ],
  );
  return JSON.stringify({ message: { ...message, text }, rows, attempt, reason });
}

/** Throws a SyntaxError for what is no JSON; whatever else is in the queue, we wrote. */
export function readJob(body: string): Job {
  const { message, rows, attempt, reason } = JSON.parse(body) as Written;
  return {
    message: { ...message, text: Buffer.from(message.text, "base64").toString() },
    subscribers: rows.map(([connectionId, protocol, connectedAt, shard, expiresAt]) => {
      const shardKey = `${message.channel}#${shard}`;
      return { connectionId, protocol, connectedAt, expiresAt, shardKey };
    }),
    attempt,
    reason,
  };
}

type Row = [
  connectionId: string,
  protocol: Protocol,
  connectedAt: number,
  shard: string,
  expiresAt: number,
];

type Written = { message: Message; rows: Row[]; attempt: number; reason?: string };
