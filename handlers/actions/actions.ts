import type { System } from "../aws/system.ts";
import { checkChannelGrant, type Grants } from "../auth/grants.ts";
import { publishOnce } from "../delivery/publish-once.ts";
import { toContent } from "../protocol/content.ts";
import { maxMessageBytes, maxMessages } from "../protocol/limits.ts";
import {
  checkChannel,
  checkExcludeSelf,
  checkIdempotencyKey,
  checkLimit,
  checkSince,
} from "../protocol/parameters.ts";
import { findChannel } from "../store/channel.ts";
import { endReplay } from "../store/channel-names.ts";
import { findConnection, unknownConnection } from "../store/connection.ts";
import { subscribe, unsubscribe } from "../store/subscription.ts";
import { excerptMembers, lastId } from "./excerpt.ts";
import { replay } from "./replay.ts";

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

/** What a client can ask for: each name is a route of the WebSocket API. Gives the reply; throws a Problem. */
export const actions: Record<string, (system: System, frame: ClientFrame) => Promise<string>> = {
  ping: () => Promise.resolve(reply({ type: "pong" })),

  async subscribe(system, { connectionId, grants, members, until }) {
    const { table } = system;
    const name = checkChannel(members.channel);
    checkChannelGrant(grants, "subscribe", name);
    const since = checkSince(members.since);
    const connection = await findConnection(table, connectionId);
    if (connection === undefined) throw unknownConnection();
    if (since === undefined) return subscribedReply(await subscribe(table, connection, name));

    const subscribed = await subscribe(table, connection, name, until);
    try {
      const { channel, isSubscribed } = subscribed;
      if (!isSubscribed) return subscribedReply(subscribed);
      const recovered = await replay(system, connection, channel, since, until);
      return subscribedReply(subscribed, recovered);
    } finally {
      await endReplay(table, connectionId, until);
    }
  },

  async unsubscribe({ table }, { connectionId, members }) {
    const channel = checkChannel(members.channel);
    const revision = await unsubscribe(table, connectionId, channel);
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
    // The frame has room for the messages and as much as the rest of it can take.
    const maxBytes = maxMessageBytes - 512;
    return `{"type":"history",${await excerptMembers(table, channel, { since, limit, maxBytes })}}`;
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
