import type { System } from "../aws/system.ts";
import { writePresenceJob } from "../delivery/presence-job.ts";
import { firstSweepSeconds, reconcile } from "../delivery/sweep.ts";
import { limit, tell } from "../delivery/tell.ts";
import { watchersOf } from "../protocol/presence.ts";
import { findChannel, type Channel } from "../store/channel.ts";
import { findConnection, type StoredConnection } from "../store/connection.ts";
import { subscribe, unsubscribe } from "../store/subscription.ts";
import { beginWatch, isWatched, joinWatch, setMembers } from "../store/watch.ts";

/**
 * Has a connection that is subscribed to a channel be told who joins and leaves. Returns the channel: who is
 * on it is to be read after that. Undefined where the connection has unsubscribed meanwhile.
 *
 * The connection is among the watchers before the members are read: of a member that turns after that, it is
 * told. Whoever begins the watch counts those who are there, and tells nobody of them: who begins to watch
 * after that reads them. Where somebody did before, this one tells after all.
 */
export async function watch(
  system: System,
  connection: StoredConnection,
  known: Channel,
): Promise<Channel | undefined> {
  const { table } = system;
  const { connectionId } = connection;
  const { name } = known;
  await subscribe(table, connection, watchersOf(name));
  // An unsubscribe before that has removed one name, and one after that removes both.
  const now = await findConnection(table, connectionId);
  if (!now?.channels.includes(name)) {
    await unsubscribe(table, connectionId, watchersOf(name));
    return undefined;
  }
  const { channel, isFirst } = await beginOrJoin(system, known);
  const reconciled = await reconcile(system, channel, isFirst ? "silent" : "told");
  if (reconciled === undefined) {
    await unsubscribe(table, connectionId, watchersOf(name));
    await limit(system, channel);
    return findChannel(table, name);
  }
  const { members, turned } = reconciled;
  if (isFirst && (await setMembers(table, channel, members)) === undefined) {
    for (const member of turned) await tell(system, member);
  }
  return channel;
}

/** Whoever is first sends the first of the sweeps before: where that fails, nobody watches. */
async function beginOrJoin(
  { table, clock, deliveries }: System,
  known: Channel,
): Promise<{ channel: Channel; isFirst: boolean }> {
  const { name } = known;
  for (let before = known; ; before = await findChannel(table, name)) {
    if (isWatched(clock, before.watch)) {
      const channel = await joinWatch(table, name);
      if (channel !== undefined) return { channel, isFirst: false };
    } else {
      const sweep = before.watch.sweep + 1;
      const job = writePresenceJob({ presence: "sweep", channel: name, number: sweep });
      await deliveries.send([job], firstSweepSeconds);
      const sweepAt = clock.now() + firstSweepSeconds * 1000;
      const channel = await beginWatch(table, name, { sweep, sweepAt });
      if (channel !== undefined) return { channel, isFirst: true };
    }
  }
}
