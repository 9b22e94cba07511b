import { log, thrown } from "../aws/log.ts";
import type { System } from "../aws/system.ts";
import { messageFrames } from "../protocol/frames.ts";
import { leavesOut } from "../protocol/message.ts";
import { countJob, publishJob, type HandedOn, type Outcome } from "../store/delivery-report.ts";
import { inGroups } from "../store/groups.ts";
import { subscriptionKey } from "../store/keys.ts";
import type { Subscriber } from "../store/subscriber.ts";
import type { Portion } from "../store/subscribers.ts";
import { deliver, type Delivered } from "./engine.ts";
import { giveUp, handOn } from "./hand-on.ts";
import { followUp, followUps, type Job } from "./job.ts";
import { endConnections } from "./leave.ts";

/** The job that a dispatch does; that of the publish itself is in no queue. */
export type Task = Omit<Job, "to">;

export type DispatchOptions = {
  /** When to leave the rest, in milliseconds since the epoch. */
  until: number;
  /** Subscribers that are served at the same time. Defaults to all posts that the function makes. */
  concurrency?: number | undefined;
  /** Takes when each subscriber got the message, in milliseconds since the epoch. */
  deliveredAt?: number[];
};

/** What a dispatch came to. */
export type Dispatched = Outcome & {
  /** Whether no other run of the same job was counted before: this one has the figures. */
  isCounted: boolean;
  /** When the last post was through, in milliseconds since the epoch. */
  endedAt: number;
};

/** After so many attempts, half an hour in all, who is neither reached nor gone is given up. */
export const maxAttempts = 10;

/** Connections that are removed at a time. */
const goneTogether = 25;

/**
 * Delivers a message to a portion of its subscribers, but for whom it leaves out, and hands on its rest at the
 * same time; then whom it has not reached. At last it counts what that came to, and removes who is gone:
 * whoever runs the job again finds it counted, or finds in its range those who are to be counted.
 * Throws where the whole job is to be done again.
 */
export async function dispatch(
  system: System,
  task: Task,
  { subscribers, rest }: Portion,
  { until, concurrency = system.deliveryConcurrency, deliveredAt }: DispatchOptions,
): Promise<Dispatched> {
  const { connections, clock, deliveries, historySeconds, table } = system;
  const recipients = subscribers.filter((subscriber) => !leavesOut(task.message, subscriber));
  const ranges = rest.map((range) => followUp(task, { range }, { attempt: 0 }));
  const [{ delivered, gone, left, endedAt }, handedOn] = await Promise.all([
    deliver(recipients, messageFrames(task.message), {
      ...{ post: connections.post, clock, until, concurrency, deliveredAt },
    }),
    handOn(deliveries, ranges),
  ]);
  handedOn.push(...(await handOnLeft(system, task, left)));
  const outcome = { delivered, gone: gone.length, handedOn };
  // A publish that has done it all says so in its answer, and writes nothing.
  const isWhole = task.id === publishJob && handedOn.length === 0;
  const isCounted =
    isWhole || (await countJob(table, task.message, task.id, outcome, historySeconds));
  await removeGone(system, gone);
  return { ...outcome, isCounted, endedAt };
}

/**
 * Hands on whom a dispatch has left: for whom there was no time, to be done at once; whom its posts have
 * not reached, later, and at last to the dead letters. An attempt is one in which a post was made.
 */
async function handOnLeft(
  { deliveries, deadLetters }: System,
  task: Task,
  left: Delivered["left"],
): Promise<HandedOn[]> {
  const { attempt, reason } = task;
  const untried: Subscriber[] = [];
  const unreached = new Map<string, Subscriber[]>();
  for (const { subscriber, isTried, reason } of left) {
    if (!isTried) untried.push(subscriber);
    else {
      log.warn("Not reached", { connectionId: subscriber.connectionId, reason });
      const ofReason = unreached.get(reason) ?? [];
      unreached.set(reason, ofReason);
      ofReason.push(subscriber);
    }
  }
  const handedOn = await handOn(deliveries, followUps(task, untried, { attempt, reason }));
  for (const [why, subscribers] of unreached) {
    const jobs = followUps(task, subscribers, { attempt: attempt + 1, reason: why });
    const isLast = attempt + 1 >= maxAttempts;
    const sent = isLast ? giveUp(deadLetters, jobs) : handOn(deliveries, jobs, attempt + 1);
    handedOn.push(...(await sent));
  }
  return handedOn;
}

/** Removes connections, some at a time. Who is left is found gone by the next publish. */
async function removeGone(system: System, gone: Subscriber[]): Promise<void> {
  try {
    for (const some of inGroups(gone, goneTogether)) {
      await endConnections(
        system,
        some.map(({ connectionId }) => connectionId),
        some.map(({ shardKey, connectionId }) => subscriptionKey(shardKey, connectionId)),
      );
    }
  } catch (error) {
    log.warn("Not removed", thrown(error));
  }
}
