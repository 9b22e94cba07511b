import { maxJobSubscribers, writeJob } from "../handlers/delivery/job.ts";

/** Jobs and bytes that SQS takes in one request, and jobs that Lambda receives and deletes in one. */
const maxSentJobs = 10;
const maxSentBytes = 262_144;
const receivedJobs = 5;

/** SQS bills a request as one for each so many bytes. */
const billedBytes = 65_536;

export type QueueUse = {
  /** Requests as they are billed: jobs are sent, received and deleted. */
  requests: number;
  /** Invocations of the fanout function. */
  fanouts: number;
};

/** Returns what it takes to reach `subscribers` through the queue. */
export function queueUseOf(subscribers: number, messageBytes: number, channel: string): QueueUse {
  const jobs = Math.ceil(subscribers / maxJobSubscribers);
  const bytes = jobBytes(messageBytes, channel);
  const sentJobs = Math.min(maxSentJobs, Math.floor(maxSentBytes / bytes));
  const fanouts = Math.ceil(jobs / receivedJobs);
  const sends = billedRequests(jobs, sentJobs, bytes);
  const receives = billedRequests(jobs, receivedJobs, bytes);
  return { requests: sends + receives + fanouts, fanouts };
}

/** Returns the billed requests for all jobs, `together` in each request. */
function billedRequests(jobs: number, together: number, bytes: number): number {
  const requests = (count: number) => Math.ceil((count * bytes) / billedBytes);
  return Math.floor(jobs / together) * requests(together) + requests(jobs % together);
}

/** Returns the bytes of a job with all the subscribers that it can have. */
function jobBytes(messageBytes: number, channel: string): number {
  const subscriber = {
    connectionId: "x".repeat(16),
    protocol: "channels.v1" as const,
    connectedAt: 1_700_000_000_000,
    expiresAt: 1_700_007_800,
    shardKey: `${channel}#0`,
  };
  const time = new Date(0).toISOString();
  const message = { channel, epoch: "k3f9x2", sequence: 1_000, isJson: false, time };
  return writeJob({
    message: { ...message, text: "x".repeat(messageBytes) },
    subscribers: Array.from({ length: maxJobSubscribers }, () => subscriber),
    attempt: 0,
  }).length;
}
