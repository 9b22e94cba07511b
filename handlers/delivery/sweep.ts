import { epochSeconds } from "../aws/clock.ts";
import type { System } from "../aws/system.ts";
import { watchersOf } from "../protocol/presence.ts";
import { findChannel, type Channel } from "../store/channel.ts";
import { findConnection } from "../store/connection.ts";
import { inGroups } from "../store/groups.ts";
import { findMember, type StoredMember } from "../store/member.ts";
import { turnAway } from "../store/member-changes.ts";
import { readMembers, readRows } from "../store/members.ts";
import { firstSubscribers } from "../store/subscribers.ts";
import { endSweep, endWatch, isWatched } from "../store/watch.ts";
import { enter, settle, type Telling } from "./enter.ts";
import { writePresenceJob, type PresenceJob } from "./presence-job.ts";
import { limit, tell } from "./tell.ts";

// A sweep compares the members of a watched channel with its subscriptions, and so finds what nobody has
// said: a connection that has ended without a word, and what a function that failed has left half done.
// One follows the other while the channel is watched, each handed on by the one before, at the end of the
// next connection or 15 minutes later. SQS keeps no job back for longer: one of its own for each connection
// would be handed on nine times.

/** Seconds until the first sweep: who was connecting when the watch began has its rows by then. */
export const firstSweepSeconds = 35;

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
const maxDelaySeconds = 900;

/** Milliseconds after which nobody is about to tell of a change any more: longer than any function runs. */
const settledMilliseconds = 60_000;

/** Connections that enter, or leave, at the same time. */
const together = 25;

/** Does one job of the queue. Throws where it is to come back. */
export async function doPresenceJob(system: System, job: PresenceJob): Promise<void> {
  if (job.presence === "part") await part(system, job);
  else await sweep(system, job);
}

/** Has a member leave that has had no connection since, and tells so. */
async function part(
  system: System,
  { channel, member, revision }: PresenceJob & { presence: "part" },
): Promise<void> {
  const turned = await turnAway(system.table, channel, member, revision);
  // A run before this one may have had it leave, and ended before it could tell.
  const left = turned ?? (await findMember(system.table, channel, member));
  if (left === undefined || left.isHere || left.revision !== revision + 1) return;
  if (turned !== undefined || left.isToldHere) await tell(system, left);
}

async function sweep(
  system: System,
  { channel: name, number }: PresenceJob & { presence: "sweep" },
): Promise<void> {
  const { table, clock, deliveries } = system;
  const channel = await findChannel(table, name);
  if (!isWatched(clock, channel.watch)) return;
  if (number !== undefined && number !== channel.watch.sweep) return;
  const watchers = await findChannel(table, watchersOf(name));
  const { subscribers, rest } = await firstSubscribers(table, watchers, 1);
  if (subscribers.length === 0 && rest.length === 0) {
    await endWatch(table, channel);
    return;
  }
  const swept = await reconcile(system, channel);
  if (swept === undefined) {
    await limit(system, channel);
    return;
  }
  if (number === undefined) return;
  const { members, nextEnd } = swept;
  // The next is in the queue before this one is done: where this one comes again, it sends one more, and
  // of two with one number the second finds that it has been done.
  const delay = Math.max(1, Math.min(maxDelaySeconds, nextEnd - epochSeconds(clock)));
  const next = writePresenceJob({ presence: "sweep", channel: name, number: number + 1 });
  await deliveries.send([next], delay);
  await endSweep(table, channel, { members, sweepAt: clock.now() + delay * 1000 });
}

/** What a channel has come to. */
export type Reconciled = {
  members: number;
  /** The next end of the items of a connection that counts, in epoch seconds. */
  nextEnd: number;
  /** Those who have turned here with this. */
  turned: StoredMember[];
};

/**
 * Has everybody count who is subscribed, and nobody who is not. Returns undefined, and leaves the rest as it
 * is, where there are too many members.
 *
 * The members are read first: who is among them has had a row before, and who has none by then is about to
 * leave, or has ended.
 */
export async function reconcile(
  system: System,
  channel: Channel,
  telling: Telling = "told",
): Promise<Reconciled | undefined> {
  const { table, presenceLimit } = system;
  const members = await readMembers(table, channel.name);
  const rows = await readRows(table, channel, presenceLimit);
  if (rows === undefined) return undefined;
  const subscribed = new Set(rows.map(({ connectionId }) => connectionId));
  const counted = new Set(members.flatMap(({ connectionIds }) => connectionIds));
  const stays = ({ isHere, connectionIds }: StoredMember) =>
    isHere && (connectionIds.length === 0 || connectionIds.some((id) => subscribed.has(id)));
  const here = new Set(members.filter(stays).map(({ name }) => name));
  if (here.size > presenceLimit) return undefined;

  const ended = members.flatMap((member) =>
    member.connectionIds
      .filter((id) => !subscribed.has(id))
      .map((connectionId) => ({ channel: channel.name, connectionId, member })),
  );
  for (const some of inGroups(ended, together)) {
    await Promise.all(some.map((place) => settle(system, place, true)));
  }
  const turned: StoredMember[] = [];
  const unknown = rows.filter(({ connectionId }) => !counted.has(connectionId));
  for (const some of inGroups(unknown, together)) {
    const entered = await Promise.all(
      some.map(async ({ shardKey, connectionId }) => {
        const connection = await findConnection(table, connectionId);
        if (connection?.member === undefined) return undefined;
        here.add(connection.member.name);
        counted.add(connectionId);
        return here.size > presenceLimit
          ? undefined
          : enter(system, shardKey, connectionId, telling);
      }),
    );
    turned.push(...entered.flatMap((member) => member ?? []));
    if (here.size > presenceLimit) return undefined;
  }
  await Promise.all(members.map((member) => repair(system, member)));
  const ends = rows
    .filter(({ connectionId }) => counted.has(connectionId))
    .map(({ expiresAt }) => expiresAt);
  return { members: here.size, nextEnd: Math.min(...ends), turned };
}

/** Does what nobody is about to do any more: has a member leave, or tells of it. */
async function repair(system: System, member: StoredMember): Promise<void> {
  const { clock, graceSeconds } = system;
  const { channel, name, connectionIds, isHere, isToldHere, revision, changedAt } = member;
  const age = clock.now() - changedAt;
  if (isHere && connectionIds.length === 0 && age > settledMilliseconds + graceSeconds * 1000) {
    await part(system, { presence: "part", channel, member: name, revision });
  } else if (isHere !== isToldHere && age > settledMilliseconds) await tell(system, member);
}
