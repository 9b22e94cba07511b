import { createHash } from "node:crypto";
import type { Protocol } from "../protocol/frames.ts";
import type { Message } from "../protocol/message.ts";
import { prefixesOf } from "../protocol/prefix.ts";
import { inGroups } from "../store/groups.ts";
import type { Range } from "../store/range.ts";
import { channelOfShard, shardKeyAt } from "../store/shard.ts";
import type { Subscriber } from "../store/subscriber.ts";

/** A part of a message's delivery that the fanout function takes over. */
export type Job = {
  /** The same wherever a job is made anew of the same: see `followUp`. */
  id: string;
  message: Message;
  to: Recipients;
  /** How often these subscribers were tried before: 0 where nobody has yet. */
  attempt: number;
  /** Why the last attempt did not reach them. */
  reason?: string | undefined;
};

/** Subscribers by name, or whoever is in a range when the job is done. */
export type Recipients = { subscribers: Subscriber[] } | { range: Range };

/**
 * Subscribers of one job. A job takes at most 175 kB of text (128 KB in base64) and 40 kB of these,
 * and so stays below the queue's 262,144 bytes whatever the sizes.
 */
export const maxJobSubscribers = 400;

/**
 * Makes a job of what another has left. Its id comes from that job's and from what it is to do, so that
 * a job which runs twice, as SQS has it, and leaves the same twice leaves one job.
 */
export function followUp(
  { id, message }: Pick<Job, "id" | "message">,
  to: Recipients,
  { attempt, reason }: Pick<Job, "attempt" | "reason">,
): Job {
  const hash = createHash("sha256").update(JSON.stringify([id, attempt, to]));
  return { id: hash.digest("base64url").slice(0, 16), message, to, attempt, reason };
}

/** Makes jobs of subscribers that another job has left. */
export function followUps(
  task: Pick<Job, "id" | "message">,
  subscribers: Subscriber[],
  tried: Pick<Job, "attempt" | "reason">,
): Job[] {
  return inGroups(subscribers, maxJobSubscribers).map((some) =>
    followUp(task, { subscribers: some }, tried),
  );
}

/** Returns how many deliveries a job stands for; a range, of which nobody knows how many it holds, for one. */
export function deliveriesOf({ to }: Job): number {
  return "range" in to ? 1 : to.subscribers.length;
}

/**
 * Writes a job as the body of a queue's message. SQS does not take every character that a message may
 * have, so the text goes in base64:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function writeJob({ id, message, to, attempt, reason }: Job): string {
  const text = Buffer.from(message.text).toString("base64");
  const written = { id, message: { ...message, text }, attempt, reason };
  if ("range" in to) return JSON.stringify({ ...written, range: to.range });
  const rows = to.subscribers.map(
    ({ connectionId, protocol, connectedAt, expiresAt, shardKey }): Row => [
      connectionId,
      protocol,
      connectedAt,
      numberOf(message.channel, shardKey),
      expiresAt,
    ],
  );
  return JSON.stringify({ ...written, rows });
}

/** Throws a SyntaxError for what is no JSON; whatever else is in the queue, we wrote. */
export function readJob(body: string): Job {
  const { id, message: encoded, range, rows = [], attempt, reason } = JSON.parse(body) as Written;
  const message = { ...encoded, text: Buffer.from(encoded.text, "base64").toString() };
  const job = { id, message, attempt, reason };
  if (range !== undefined) return { ...job, to: { range } };
  const subscribers = rows.map(([connectionId, protocol, connectedAt, shard, expiresAt]) => {
    const shardKey = shardKeyOfNumber(message.channel, shard);
    return { connectionId, protocol, connectedAt, expiresAt, shardKey };
  });
  return { ...job, to: { subscribers } };
}

/** Numbers the shard of a subscription: one of the channel as it is, and of the prefixes -1, -2 and so on. */
function numberOf(channel: string, shardKey: string): number {
  const place = prefixesOf(channel).indexOf(channelOfShard(shardKey));
  return place === -1 ? Number(shardKey.slice(channel.length + 1)) : -1 - place;
}

function shardKeyOfNumber(channel: string, number: number): string {
  const prefix = prefixesOf(channel)[-1 - number];
  return prefix === undefined ? shardKeyAt(channel, number) : shardKeyAt(prefix, 0);
}

type Row = [
  connectionId: string,
  protocol: Protocol,
  connectedAt: number,
  shard: number,
  expiresAt: number,
];

type Written = Omit<Job, "to"> & { range?: Range; rows?: Row[] };
