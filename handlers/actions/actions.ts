import type { System } from "../aws/system.ts";
import { checkChannelGrant, type Grants } from "../auth/grants.ts";
import { enterWatched, exit } from "../delivery/enter.ts";
import { publishOnce } from "../delivery/publish-once.ts";
import { toContent } from "../protocol/content.ts";
import { maxEntries, maxMessageBytes, maxMessages } from "../protocol/limits.ts";
import {
  checkChannel,
  checkCursor,
  checkExcludeSelf,
  checkFlag,
  checkIdempotencyKey,
  checkLimit,
  checkSince,
} from "../protocol/parameters.ts";
import { findChannel } from "../store/channel.ts";
import { endReplay } from "../store/channel-names.ts";
import { findConnection, unknownConnection } from "../store/connection.ts";
import { subscribe, unsubscribe } from "../store/subscription.ts";
import { excerptMembers, lastId } from "./excerpt.ts";
import { presenceMembers } from "./presence.ts";
import { replay } from "./replay.ts";
import { watch } from "./watch.ts";

/** A client's frame, and who sent it. */
export type ClientFrame = {
  connectionId: string;
  grants: Grants;
  /** The frame as it came, and its members. */
  text: string;
  members: Record<string, unknown>;
  /** When the last post has to be made, in milliseconds since the epoch. */
  until: number;
};

/** A frame has room for a page of these bytes, and as much as the rest of it can take. */
const pageBytes = maxMessageBytes - 512;

/** A page of members is followed by a cursor, which has the name of the last of them. */
const membersBytes = maxMessageBytes - 2_048;

/** What a client can ask for: each name is a route of the WebSocket API. Gives the reply; throws a Problem. */
export const actions: Record<string, (system: System, frame: ClientFrame) => Promise<string>> = {
  ping: () => Promise.resolve(reply({ type: "pong" })),

  async subscribe(system, { connectionId, grants, members, until }) {
    const { table } = system;
    const name = checkChannel(members.channel);
    checkChannelGrant(grants, "subscribe", name);
    const since = checkSince(members.since);
    const isWatching = checkFlag(members.presence, "presence");
    if (isWatching) checkChannelGrant(grants, "presence", name);
    const connection = await findConnection(table, connectionId);
    if (connection === undefined) throw unknownConnection();
    const claim = since === undefined ? undefined : until;
    const subscribed = await subscribe(table, connection, name, claim);
    try {
      const { channel, isSubscribed, shardKey } = subscribed;
      if (!isSubscribed) return subscribedReply(subscribed);
      await enterWatched(system, channel, shardKey, connection);
      const watched = isWatching ? await watch(system, connection, channel) : undefined;
      const recovered =
        since === undefined ? undefined : await replay(system, connection, channel, since, until);
      const answer = subscribedReply(subscribed, recovered);
      if (watched === undefined) return answer;
      const page = { limit: maxEntries, cursor: undefined, maxBytes: membersBytes };
      return `${answer.slice(0, -1)},${await presenceMembers(system, watched, page)}}`;
    } finally {
      if (claim !== undefined) await endReplay(table, connectionId, claim);
    }
  },

  async unsubscribe(system, { connectionId, members }) {
    const channel = checkChannel(members.channel);
    const { revision, before } = await unsubscribe(system.table, connectionId, channel);
    await exit(system, channel, before);
    return reply({ type: "unsubscribed", channel, revision });
  },

  async publish(system, { connectionId, grants, members, text }) {
    const channel = checkChannel(members.channel);
    checkChannelGrant(grants, "publish", channel);
    const content = toContent(members.data, text);
    const key = checkIdempotencyKey(members.idempotencyKey);
    const exclude = checkExcludeSelf(members.exclude, connectionId);
    const omission = { from: connectionId, exclude };
    const { id } = await publishOnce(system, channel, content, key, omission);
    return reply({ type: "published", channel, id });
  },

  async history({ table }, { grants, members }) {
    const name = checkChannel(members.channel);
    checkChannelGrant(grants, "subscribe", name);
    const channel = await findChannel(table, name);
    const since = checkSince(members.since) ?? undefined;
    const limit = checkLimit(members.limit, maxMessages, 100);
    const range = { since, limit, maxBytes: pageBytes };
    return `{"type":"history",${await excerptMembers(table, channel, range)}}`;
  },

  async presence(system, { grants, members }) {
    const name = checkChannel(members.channel);
    checkChannelGrant(grants, "presence", name);
    const limit = checkLimit(members.limit, maxEntries, 100);
    const page = { limit, cursor: checkCursor(members.cursor), maxBytes: membersBytes };
    const present = await presenceMembers(system, await findChannel(system.table, name), page);
    return `{"type":"presence","channel":"${name}",${present}}`;
  },
};

/** Replies say what is so: where a later unsubscribe has taken a subscribe back, that it is unsubscribed. */
function subscribedReply(
  { channel, isSubscribed, revision }: Awaited<ReturnType<typeof subscribe>>,
  recovered?: boolean,
): string {
  const { name } = channel;
  if (!isSubscribed) return reply({ type: "unsubscribed", channel: name, revision });
  const last = lastId(channel);
  return reply({ type: "subscribed", channel: name, last, recovered, revision });
}

/** What goes back to the client: always an object with a `type`. */
export function reply(value: { type: string; [key: string]: unknown }): string {
  return JSON.stringify(value);
}
