import type { System } from "../aws/system.ts";
import { checkChannelGrant, type Grants } from "../auth/grants.ts";
import { publish } from "../delivery/publish.ts";
import { toContent } from "../protocol/content.ts";
import { maxMessageBytes, maxMessages } from "../protocol/limits.ts";
import { checkChannel, checkLimit, checkSince } from "../protocol/parameters.ts";
import { findChannel } from "../store/channel.ts";
import { findConnection, unknownConnection } from "../store/connection.ts";
import { subscribe, unsubscribe } from "../store/subscription.ts";
import { excerpt, lastId } from "./excerpt.ts";
import { replay } from "./replay.ts";

/** A client's frame, and who sent it. */
export type ClientFrame = {
  connectionId: string;
  grants: Grants;
  /** The frame's keys, as they came. */
  frame: Record<string, unknown>;
  /** Returns whether there is time for one more post. */
  hasTime: () => boolean;
};

/** What goes back to the client: always an object with a `type`. */
export type Reply = { type: string; [key: string]: unknown };

/** What a client can ask for: each name is a route of the WebSocket API. Throws a Problem. */
export const actions: Record<string, (system: System, sent: ClientFrame) => Promise<Reply>> = {
  ping: () => Promise.resolve({ type: "pong" }),

  async subscribe(system, { connectionId, grants, frame, hasTime }) {
    const name = checkChannel(frame.channel);
    checkChannelGrant(grants, "subscribe", name);
    const since = checkSince(frame.since);
    const connection = await findConnection(system.table, connectionId);
    if (connection === undefined) throw unknownConnection();

    const channel = await subscribe(system.table, connection, name);
    const subscribed = { type: "subscribed", channel: name, last: lastId(channel) };
    if (since === undefined) return subscribed;
    const recovered = await replay(system, connection, channel, since, hasTime);
    return { ...subscribed, recovered };
  },

  async unsubscribe({ table }, { connectionId, frame }) {
    const name = checkChannel(frame.channel);
    await unsubscribe(table, connectionId, name);
    return { type: "unsubscribed", channel: name };
  },

  async publish(system, { grants, frame }) {
    const name = checkChannel(frame.channel);
    checkChannelGrant(grants, "publish", name);
    const { id } = await publish(system, name, toContent(frame.data));
    return { type: "published", channel: name, id };
  },

  async history({ table }, { grants, frame }) {
    const name = checkChannel(frame.channel);
    checkChannelGrant(grants, "subscribe", name);
    const channel = await findChannel(table, name);
    const since = checkSince(frame.since) ?? undefined;
    const limit = checkLimit(frame.limit, maxMessages, 100);
    // The frame has room for the messages and as much as the rest of it can take.
    const bytes = maxMessageBytes - 512;
    return { type: "history", ...(await excerpt(table, channel, { since, limit, bytes })) };
  },
};
