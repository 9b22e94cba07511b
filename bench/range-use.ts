import { followUp, writeJob } from "../handlers/delivery/job.ts";
import { maxRangeSubscribers } from "../handlers/delivery/worker.ts";
import { readUnitsOf, shardsOf, writeUnitBytes } from "./table-use.ts";

/** Jobs and bytes that SQS takes in one request. */
const maxSentJobs = 10;
const maxSentBytes = 262_144;

/** SQS bills a request as one for each so many bytes. */
const billedBytes = 65_536;

/** What the jobs of a publish take, and what it takes to hand these on. */
export type RangeUse = {
  /** Each is an invocation of the fanout function. */
  jobs: number;
  tableRequests: number;
  readUnits: number;
  writeUnits: number;
  /** As they are billed: jobs are sent, received and deleted. */
  queueRequests: number;
};

const none: RangeUse = { jobs: 0, tableRequests: 0, readUnits: 0, writeUnits: 0, queueRequests: 0 };

/**
 * Returns what it takes beside the publish's own read where it serves `inline` subscribers itself, who are
 * fewer than a shard has.
 */
export function rangeUseOf(
  subscribers: number,
  inline: number,
  messageBytes: number,
  channel: string,
): RangeUse {
  if (subscribers <= inline) return none;
  const shards = shardsOf(subscribers, inline);
  const jobBytes = bytesOf(messageBytes, channel);
  const perShard = Math.ceil(subscribers / shards);
  const begun = jobUse(perShard - inline, 0, jobBytes, channel);
  const whole = jobUse(perShard, 0, jobBytes, channel);
  const sum = (what: keyof RangeUse) => begun[what] + (shards - 1) * whole[what];
  // An item for the publish, which names a job for each shard.
  const named = JSON.stringify({ id: "x".repeat(16), deliveries: 1, isGivenUp: false }).length + 1;
  return {
    jobs: sum("jobs"),
    tableRequests: 1 + sum("tableRequests"),
    readUnits: sum("readUnits"),
    writeUnits: Math.ceil((200 + shards * named) / writeUnitBytes) + sum("writeUnits"),
    queueRequests: sends(shards, jobBytes) + sum("queueRequests"),
  };
}

/** Returns what a job takes for a range that holds so many, with the jobs that come of it. */
function jobUse(holds: number, halvings: number, jobBytes: number, channel: string): RangeUse {
  const rest = Math.max(0, holds - maxRangeSubscribers);
  // A Query shows by one more whether there is a rest.
  const readUnits = readUnitsOf(Math.min(holds, maxRangeSubscribers + 1), channel);
  const receive = Math.ceil(jobBytes / billedBytes);
  // It reads its range and whether it is counted, and is counted; the first of a shard looks for the end.
  const end = rest > 0 && halvings === 0 ? 1 : 0;
  const own: RangeUse = {
    ...{ jobs: 1, tableRequests: 3 + end, readUnits: readUnits + 1 + end, writeUnits: 1 },
    queueRequests: receive + 1 + (rest > 0 ? sends(2, jobBytes) : 0),
  };
  if (rest === 0) return own;
  const half = jobUse(rest / 2, halvings + 1, jobBytes, channel);
  return {
    jobs: own.jobs + 2 * half.jobs,
    tableRequests: own.tableRequests + 2 * half.tableRequests,
    readUnits: own.readUnits + 2 * half.readUnits,
    writeUnits: own.writeUnits + 2 * half.writeUnits,
    queueRequests: own.queueRequests + 2 * half.queueRequests,
  };
}

/** Returns the billed requests that send so many jobs. */
function sends(jobs: number, jobBytes: number): number {
  const together = Math.min(maxSentJobs, Math.floor(maxSentBytes / jobBytes));
  const billed = (count: number) => Math.ceil((count * jobBytes) / billedBytes);
  return Math.floor(jobs / together) * billed(together) + billed(jobs % together);
}

/** Returns the bytes of a job that names a range. */
function bytesOf(messageBytes: number, channel: string): number {
  const time = new Date(0).toISOString();
  const message = { channel, epoch: "k3f9x2", sequence: 1_000, isJson: false, time };
  const range = { shards: 64, shard: 63, after: "x".repeat(16), upTo: "x".repeat(16), halvings: 1 };
  const text = "x".repeat(messageBytes);
  const job = followUp({ id: "", message: { ...message, text } }, { range }, { attempt: 0 });
  return writeJob(job).length;
}
