import { log, thrown } from "../aws/log.ts";
import type { System } from "../aws/system.ts";
import type { Key } from "../store/keys.ts";
import type { Place } from "../store/member.ts";
import { takeFromMember } from "../store/member-changes.ts";
import { removeConnections } from "../store/removal.ts";
import { writePresenceJob } from "./presence-job.ts";

/**
 * Takes a connection out of those of its member. Where that was the last of them, the member has left unless
 * it is back after `presenceGraceSeconds`: a job looks then.
 */
export async function leave({ table, deliveries, graceSeconds }: System, place: Place) {
  const left = await takeFromMember(table, place);
  if (left === undefined || left.connectionIds.length > 0) return;
  const { channel, name: member, revision } = left;
  const job = writePresenceJob({ presence: "part", channel, member, revision });
  await deliveries.send([job], graceSeconds);
}

/**
 * Removes connections that are no more with all of their items: see `removeConnections`. Their members leave
 * the channels in which they count, which the item of each says: where nobody watches, nothing is asked.
 */
export async function endConnections(
  system: System,
  connectionIds: string[],
  keys?: Key[],
): Promise<void> {
  const removed = await removeConnections(system.table, connectionIds, keys);
  const places = removed.flatMap(({ connectionId, member, presentIn }) =>
    presentIn.flatMap((channel) => (member ? [{ channel, connectionId, member }] : [])),
  );
  await Promise.all(places.map((place) => orSwept(leave(system, place))));
}

/** Waits for a change of who is on a channel. What fails the next sweep does. */
export async function orSwept(change: Promise<void>): Promise<void> {
  await change.catch((error: unknown) => {
    log.warn("Presence left to the next sweep", thrown(error));
  });
}
