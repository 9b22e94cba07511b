import { paginateQuery, PutItemCommand, type AttributeValue } from "@aws-sdk/client-dynamodb";
import { epochSeconds } from "../aws/clock.ts";
import type { Table } from "../aws/table.ts";
import { messageId, type Message } from "../protocol/message.ts";
import { ifConditionHolds } from "./condition.ts";
import { findItem, type Key, liveItems } from "./keys.ts";

// The report of a message's delivery is an item for each job, under the job's id: what it came to, and
// which jobs it has handed on to. It begins with that of the publish, and counts the jobs that can be
// reached from there. SQS delivers a job at least once, so:
//
// - A job is counted by the run that writes its item first, and by no other.
// - Jobs that only another run has handed on are done, and count for nothing.
// - A job hands on before it is counted, so what its item names is in a queue.

/** What one job of a delivery came to. */
export type Outcome = {
  delivered: number;
  /** Subscribers whose connection was no more. */
  gone: number;
  /** The jobs that do what this one has not. */
  handedOn: HandedOn[];
};

export type HandedOn = {
  id: string;
  /** Subscribers; 1 for a range of the table. */
  deliveries: number;
  /** Whether the job is in the dead-letter queue, and not done unless somebody has it redriven. */
  isGivenUp: boolean;
};

/** The account of a message's delivery. */
export type Report = {
  /** Subscribers that have the message. */
  delivered: number;
  /** Subscribers whose connection was no more; their items are removed. */
  gone: number;
  /** Subscribers, and ranges of them, that are in the dead-letter queue. */
  failed: number;
  /** Subscribers, and ranges of them, that are still to be served; 0 is final. */
  pending: number;
  /** ISO 8601, milliseconds, UTC. */
  startedAt: string;
  /** Likewise; null while something is pending. */
  finishedAt: string | null;
};

/** The job of the publish itself. */
export const publishJob = "publish";

/** Seconds for which a report is kept, where the history is not kept longer. */
const leastSeconds = 60 * 60;

/** Counts what a job came to, unless another run of it was counted before. Returns whether none was. */
export async function countJob(
  table: Table,
  message: Message,
  id: string,
  { delivered, gone, handedOn }: Outcome,
  historySeconds: number,
): Promise<boolean> {
  const seconds = Math.max(historySeconds, leastSeconds);
  const put = new PutItemCommand({
    TableName: table.name,
    Item: {
      ...jobKey(message, id),
      delivered: { N: String(delivered) },
      gone: { N: String(gone) },
      handedOn: { S: JSON.stringify(handedOn) },
      startedAt: { S: message.time },
      endedAt: { N: String(table.clock.now()) },
      expiresAt: { N: String(epochSeconds(table.clock) + seconds) },
    },
    ConditionExpression: "attribute_not_exists(pk)",
  });
  return (await ifConditionHolds(table.client.send(put))) !== undefined;
}

/** Returns whether a run of a job was counted before. */
export async function isCounted(table: Table, message: Message, id: string): Promise<boolean> {
  const item = await findItem(table, jobKey(message, id));
  return item !== undefined;
}

/** Adds up the report of a message; undefined where its publish has left nothing to others. */
export async function readReport(
  table: Table,
  channel: string,
  id: string,
): Promise<Report | undefined> {
  const query = liveItems(table, partition(channel, id));
  const counted = new Map<string, Counted>();
  for await (const { Items = [] } of paginateQuery({ client: table.client }, query)) {
    for (const item of Items) counted.set(item.sk?.S ?? "", toCounted(item));
  }
  const publish = counted.get(publishJob);
  return publish && addUp(publish, counted);
}

/** Returns the report of a publish that ends now, and has left its rest to jobs that are not done. */
export function reportOf({ time }: Message, outcome: Outcome, endedAt: number): Report {
  return addUp({ ...outcome, startedAt: time, endedAt }, new Map());
}

type Counted = Outcome & { startedAt: string; endedAt: number };

function addUp(publish: Counted, counted: Map<string, Counted>): Report {
  const sum = { delivered: 0, gone: 0, failed: 0, pending: 0 };
  let endedAt = 0;
  const reached = [publish];
  for (const job of reached) {
    sum.delivered += job.delivered;
    sum.gone += job.gone;
    endedAt = Math.max(endedAt, job.endedAt);
    for (const { id, deliveries, isGivenUp } of job.handedOn) {
      const next = counted.get(id);
      if (next !== undefined) reached.push(next);
      else sum[isGivenUp ? "failed" : "pending"] += deliveries;
    }
  }
  const finishedAt = sum.pending === 0 ? new Date(endedAt).toISOString() : null;
  return { ...sum, startedAt: publish.startedAt, finishedAt };
}

function toCounted(item: Record<string, AttributeValue>): Counted {
  return {
    delivered: Number(item.delivered?.N),
    gone: Number(item.gone?.N),
    handedOn: JSON.parse(item.handedOn?.S ?? "[]") as HandedOn[],
    startedAt: item.startedAt?.S ?? "",
    endedAt: Number(item.endedAt?.N),
  };
}

function jobKey(message: Message, id: string): Key {
  return { pk: partition(message.channel, messageId(message)), sk: { S: id } };
}

function partition(channel: string, id: string): AttributeValue {
  return { S: `delivery#${channel}#${id}` };
}
