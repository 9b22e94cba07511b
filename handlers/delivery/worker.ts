import { log, thrown } from "../aws/log.ts";
import { maxValues, metrics, type Metrics } from "../aws/metrics.ts";
import type { System } from "../aws/system.ts";
import { maxReceives } from "../protocol/limits.ts";
import { messageId, sincePublish } from "../protocol/message.ts";
import { isWatchers } from "../protocol/presence.ts";
import { growChannel } from "../store/channel.ts";
import { countJob, isCounted, type Outcome } from "../store/delivery-report.ts";
import { inGroups } from "../store/groups.ts";
import type { Range } from "../store/range.ts";
import { channelOfShard } from "../store/shard.ts";
import type { Subscriber } from "../store/subscriber.ts";
import { halve, readRange, type Portion } from "../store/subscribers.ts";
import { dispatch, type Dispatched, type DispatchOptions } from "./dispatch.ts";
import { giveUp } from "./hand-on.ts";
import { followUp, readJob, type Job } from "./job.ts";
import { outcomeMetrics } from "./outcome-metrics.ts";
import { readPresenceJob } from "./presence-job.ts";
import { doPresenceJob } from "./sweep.ts";

export type WorkOptions = DispatchOptions & {
  /** How often the queue has given this job, this time included. */
  receives: number;
};

/** Subscribers of a range that one job serves; the rest of the range is halved. */
export const maxRangeSubscribers = 2_000;

/** A shard that was halved so often, and has more, holds three times what one job serves. */
const grownHalvings = 2;

/**
 * Does one job of the queue, unless it is counted: then SQS gives it once more than it was needed.
 * Throws where it is to come back. A job that fails each time goes to the dead letters, with its reason.
 */
export async function work(
  system: System,
  body: string,
  { receives, ...options }: WorkOptions,
): Promise<void> {
  const presence = readPresenceJob(body);
  if (presence !== undefined) {
    await doPresenceJob(system, presence);
    return;
  }
  const job = readJob(body);
  try {
    // Whoever had it before was killed each time, and has left no reason.
    if (receives > maxReceives) throw new Error(`not done in ${maxReceives} receives`);
    const portion = await portionOf(system, job);
    // Asked after the read: from who is not counted nobody has been removed yet, so the rest is the same.
    if (await isCounted(system.table, job.message, job.id)) return;
    const deliveredAt: number[] = [];
    const done = await dispatch(system, job, portion, { ...options, deliveredAt });
    logDone(system, job, done, deliveredAt);
  } catch (error) {
    if (receives < maxReceives) throw error;
    await fail(system, job, thrown(error).message);
  }
}

/** Returns the subscribers that the job names, or reads its range; spreads a channel that has grown. */
async function portionOf({ table }: System, { message, to }: Job): Promise<Portion> {
  if ("subscribers" in to) return { subscribers: to.subscribers, rest: [] };
  const { range } = to;
  const { channel } = message;
  const { subscribers, rest } = await readRange(table, channel, range, maxRangeSubscribers);
  if (rest.length > 0 && isOfGrown(channel, range, subscribers)) {
    await growChannel(table, { name: channel, shards: range.shards });
  }
  const halves = await Promise.all(rest.map((one) => halve(table, channel, one)));
  return { subscribers, rest: halves.flat() };
}

/**
 * Returns whether a range with a rest shows that the channel has to grow. One of all shards has as many times
 * more as there are of them, and may be so long since many are subscribed to its prefixes.
 */
function isOfGrown(
  channel: string,
  { shards, shard, halvings }: Range,
  read: Subscriber[],
): boolean {
  const more = shard === undefined ? Math.log2(shards) : 0;
  const own = read.filter(({ shardKey }) => channelOfShard(shardKey) === channel);
  return halvings === grownHalvings + more && own.length > read.length / 2;
}

/** Gives up a job that no run has done, and counts it as that. */
async function fail(system: System, job: Job, reason: string) {
  const { table, deadLetters, historySeconds } = system;
  const { id, message, to, attempt } = job;
  if (await isCounted(table, message, id)) return;
  const handedOn = await giveUp(deadLetters, [followUp(job, to, { attempt, reason })]);
  const outcome = { delivered: 0, gone: 0, handedOn };
  const isFirst = await countJob(table, message, id, outcome, historySeconds);
  logDone(system, job, { ...outcome, isCounted: isFirst }, []);
}

/**
 * Logs what a job came to, with its figures where this run of it is the one that is counted, and the message
 * is somebody's. Every delivery has its latency there, so that percentiles are exact; what one line cannot
 * have is on further ones.
 */
function logDone(
  { clock }: System,
  { message, attempt }: Job,
  { delivered, gone, handedOn, isCounted }: Outcome & Pick<Dispatched, "isCounted">,
  deliveredAt: number[],
): void {
  const done = { id: messageId(message), attempt, delivered, gone, jobs: handedOn.length };
  if (!isCounted || isWatchers(message.channel)) {
    log.info("Job done", done);
    return;
  }
  const latencies = deliveredAt.map((at) => sincePublish(message, at));
  const [first, ...more] = inGroups(latencies, maxValues);
  const figures = { ...outcomeMetrics({ delivered, gone, handedOn }), ...latencyOf(first) };
  log.info("Job done", { ...done, ...metrics(clock.now(), figures) });
  for (const some of more) {
    log.info("Delivered", { id: done.id, ...metrics(clock.now(), latencyOf(some)) });
  }
}

function latencyOf(values: number[] | undefined): Metrics {
  return values === undefined ? {} : { QueuedDeliveryLatency: values };
}
