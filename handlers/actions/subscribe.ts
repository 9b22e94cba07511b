import type { System } from "../aws/system.ts";
import { checkChannelGrant, checkSubscribeGrant } from "../auth/grants.ts";
import { enterWatched } from "../delivery/enter.ts";
import { maxEntries } from "../protocol/limits.ts";
import { checkFlag, checkSince, checkSubscribable } from "../protocol/parameters.ts";
import { isPrefix } from "../protocol/prefix.ts";
import { endReplay } from "../store/channel-names.ts";
import { findConnection, unknownConnection, type StoredConnection } from "../store/connection.ts";
import { subscribe as subscribeTo, type Subscribed } from "../store/subscription.ts";
import { lastId } from "./excerpt.ts";
import { membersBytes, reply, type ClientFrame } from "./frame.ts";
import { presenceMembers } from "./presence.ts";
import { replay } from "./replay.ts";
import { ofPrefix } from "./subscribe-prefix.ts";
import { watch } from "./watch.ts";

/** Does what a frame asks for besides its subscription, once there is one, and gives the reply. */
export type Answer = (connection: StoredConnection, subscribed: Subscribed) => Promise<string>;

/** Subscribes to a channel, or to a prefix. With `since` the connection first gets what it has missed. */
export async function subscribe(system: System, frame: ClientFrame): Promise<string> {
  const { table, prefixSubscriptions } = system;
  const { connectionId, grants, members, until } = frame;
  const name = checkSubscribable(members.channel, prefixSubscriptions);
  checkSubscribeGrant(grants, name);
  const answer = (isPrefix(name) ? ofPrefix : ofChannel)(system, frame, name);
  const connection = await findConnection(table, connectionId);
  if (connection === undefined) throw unknownConnection();
  const claim = members.since === undefined ? undefined : until;
  const subscribed = await subscribeTo(table, connection, name, claim);
  try {
    if (subscribed.isSubscribed) return await answer(connection, subscribed);
    // Replies say what is so: a later unsubscribe has taken this back.
    const { revision } = subscribed;
    return reply({ type: "unsubscribed", channel: name, revision });
  } finally {
    if (claim !== undefined) await endReplay(table, connectionId, claim);
  }
}

function ofChannel(system: System, { grants, members, until }: ClientFrame, name: string): Answer {
  const since = checkSince(members.since);
  const isWatching = checkFlag(members.presence, "presence");
  if (isWatching) checkChannelGrant(grants, "presence", name);
  return async (connection, { channel, shardKey, revision }) => {
    await enterWatched(system, channel, shardKey, connection);
    const watched = isWatching ? await watch(system, connection, channel) : undefined;
    const recovered =
      since === undefined
        ? undefined
        : await replay(system, connection, [{ channel, since }], until);
    const last = lastId(channel);
    const answer = reply({ type: "subscribed", channel: name, last, recovered, revision });
    if (watched === undefined) return answer;
    const page = { limit: maxEntries, cursor: undefined, maxBytes: membersBytes };
    return `${answer.slice(0, -1)},${await presenceMembers(system, watched, page)}}`;
  };
}
