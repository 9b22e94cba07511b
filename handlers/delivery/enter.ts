import { epochSeconds } from "../aws/clock.ts";
import type { System } from "../aws/system.ts";
import type { Channel } from "../store/channel.ts";
import type { Connecting } from "../store/connecting.ts";
import { findConnection, type StoredConnection } from "../store/connection.ts";
import type { Place, StoredMember } from "../store/member.ts";
import { addToMember, notePresence } from "../store/member-changes.ts";
import { channelOfShard } from "../store/shard.ts";
import { isWatched } from "../store/watch.ts";
import { leave, orSwept } from "./leave.ts";
import { writePresenceJob } from "./presence-job.ts";
import { tell } from "./tell.ts";

/** Whom to tell of a member that turns here: the watchers, or nobody, since they have read it or will. */
export type Telling = "told" | "silent";

/**
 * Has a connection that is subscribed in this shard count among those of its member, where it has one.
 * Returns the member where that has turned here.
 */
export async function enter(
  system: System,
  shardKey: string,
  connectionId: string,
  telling: Telling = "told",
): Promise<StoredMember | undefined> {
  const noted = await notePresence(system.table, shardKey, connectionId);
  if (noted?.member === undefined) return undefined;
  const place = { channel: channelOfShard(shardKey), connectionId, member: noted.member };
  const turned = await add(system, place, telling);
  await settle(system, place, true);
  return turned;
}

/**
 * Has a connection count that has just subscribed, where somebody watches the channel as it was read.
 * Elsewhere nothing is asked. Where the connection ends before the next sweep, one more comes then.
 */
export async function enterWatched(
  system: System,
  { name, watch }: Channel,
  shardKey: string,
  { connectionId, expiresAt, member }: Connecting,
): Promise<void> {
  const { clock, deliveries } = system;
  if (member === undefined || !isWatched(clock, watch)) return;
  const entering = async () => {
    await enter(system, shardKey, connectionId);
    if (expiresAt * 1000 >= watch.sweepAt) return;
    const seconds = Math.max(0, expiresAt - epochSeconds(clock));
    await deliveries.send([writePresenceJob({ presence: "sweep", channel: name })], seconds);
  };
  await orSwept(entering());
}

/** Has a connection count no longer that has unsubscribed, as its item was before. */
export async function exit(
  system: System,
  channel: string,
  { connectionId, member, presentIn }: StoredConnection,
): Promise<void> {
  if (member === undefined || !presentIn.includes(channel)) return;
  const place = { channel, connectionId, member };
  await orSwept(leave(system, place).then(() => settle(system, place, false)));
}

/**
 * Makes a member's item say of a connection what the connection's own item says, after it was made to say
 * that it counts, or does not. Whoever reads the same as it has written is done: who changes the note after
 * that changes the member's item later.
 */
export async function settle(system: System, place: Place, said: boolean): Promise<void> {
  const { channel, connectionId } = place;
  for (let counts = said; ; counts = !counts) {
    const connection = await findConnection(system.table, connectionId);
    if ((connection?.presentIn.includes(channel) ?? false) === counts) return;
    await (counts ? leave(system, place) : add(system, place, "told"));
  }
}

async function add(
  system: System,
  place: Place,
  telling: Telling,
): Promise<StoredMember | undefined> {
  const { member, hasTurned } = await addToMember(system.table, place, telling === "silent");
  if (!hasTurned) return undefined;
  if (telling === "told") await tell(system, member);
  return member;
}
