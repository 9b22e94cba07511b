import type { System } from "../aws/system.ts";
import { maxResumedChannels } from "../protocol/limits.ts";
import { checkFlag, checkSinceOfPrefix } from "../protocol/parameters.ts";
import { Problem } from "../protocol/problem.ts";
import { channelsOf } from "../store/below.ts";
import { findChannel, type Channel } from "../store/channel.ts";
import type { StoredConnection } from "../store/connection.ts";
import { lastId } from "./excerpt.ts";
import { reply, type ClientFrame } from "./frame.ts";
import { replay } from "./replay.ts";
import type { Answer } from "./subscribe.ts";

/**
 * Answers the subscription to a prefix: with the last id of each channel that it stands for, or with null where
 * these are too many. They are read after its row is written: as with a channel, a message above its channel's
 * id comes, and so does every message of a channel that is not among them.
 */
export function ofPrefix(system: System, { members, until }: ClientFrame, prefix: string): Answer {
  if (checkFlag(members.presence, "presence")) {
    throw new Problem("invalid-data", '"presence" is for a channel: a prefix takes none.');
  }
  const since = checkSinceOfPrefix(members.since, prefix);
  return async (connection, { revision }) => {
    const channels = await channelsOf(system.table, prefix, maxResumedChannels);
    const recovered = since && (await resume(system, connection, { channels, since }, until));
    const last =
      channels === undefined
        ? null
        : Object.fromEntries(channels.map((channel) => [channel.name, lastId(channel)]));
    return reply({ type: "subscribed", channel: prefix, last, recovered, revision });
  };
}

/**
 * Replays what has come since, on each channel: all that is kept of one that `since` does not name, as that had
 * its first message later. Returns whether nothing can be missing.
 */
async function resume(
  system: System,
  connection: StoredConnection,
  { channels, since }: { channels: Channel[] | undefined; since: Map<string, string | null> },
  until: number,
): Promise<boolean> {
  const known = new Set(channels?.map(({ name }) => name));
  const others = [...since.keys()].filter((name) => !known.has(name));
  const named = await Promise.all(others.map((name) => findChannel(system.table, name)));
  const resumed = [...(channels ?? []), ...named].map((channel) => ({
    channel,
    since: since.get(channel.name) ?? null,
  }));
  return (await replay(system, connection, resumed, until)) && channels !== undefined;
}
