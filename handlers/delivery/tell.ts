import type { System } from "../aws/system.ts";
import { limitedFrame, turnFrame, watchersOf } from "../protocol/presence.ts";
import type { Channel } from "../store/channel.ts";
import type { StoredMember } from "../store/member.ts";
import { markTold } from "../store/member-changes.ts";
import { countTurn, endWatch, isWatched } from "../store/watch.ts";
import { publish } from "./publish.ts";

/**
 * Tells the watchers of a channel that a member has joined or left, as its item has it. That is a message of
 * a channel of their own, with the queue, the retries and the removal of who is gone as for any message; it
 * is in no history, since who comes later reads who is there.
 *
 * Where the members become too many, the watchers are told that instead, and the watch is over. So it is
 * where nobody watches any more.
 */
export async function tell(system: System, member: StoredMember): Promise<void> {
  const { table, clock, presenceLimit } = system;
  const { isHere } = member;
  const channel = await countTurn(table, member.channel, isHere ? 1 : -1);
  if (channel !== undefined && isWatched(clock, channel.watch)) {
    if (isHere && channel.watch.members > presenceLimit) await limit(system, channel);
    else {
      const type = isHere ? "joined" : "left";
      const watchers = await tellAll(system, channel.name, turnFrame({ ...member, type }));
      if (watchers === 0) await endWatch(table, channel);
    }
  }
  await markTold(table, member);
}

/** Tells the watchers that there are counts only from now on, and ends the watch. */
export async function limit(system: System, channel: Channel): Promise<void> {
  await tellAll(system, channel.name, limitedFrame(channel.name));
  await endWatch(system.table, channel);
}

/** Sends a frame to all watchers. Returns how many there are; a range of them counts as one. */
async function tellAll(system: System, channel: string, frame: string): Promise<number> {
  const content = { text: frame, isJson: true };
  const { delivered, gone, failed, pending } = await publish(
    { ...system, historySeconds: 0 },
    watchersOf(channel),
    content,
  );
  return delivered + gone + failed + pending;
}
