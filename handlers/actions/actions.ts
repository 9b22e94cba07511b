import { checkChannel, findChannel } from "../store/channel.ts";
import { findConnection, unknownConnection } from "../store/connection.ts";
import { toContent } from "../protocol/content.ts";
import { checkChannelGrant } from "../auth/grants.ts";
import type { Grants } from "../auth/grants.ts";
import { checkLimit, excerpt, mostMessages } from "./excerpt.ts";
import { frameBytes, idOf } from "../protocol/message.ts";
import { Problem } from "../protocol/problem.ts";
import { publish } from "../delivery/publish.ts";
import { replay } from "./replay.ts";
import { subscribe, unsubscribe } from "../store/subscription.ts";
import type { System } from "../aws/system.ts";

/** A client's frame, and who sent it. */
export type Request = {
  connectionId: string;
  grants: Grants;
  /** The frame's keys, as they came. */
  frame: Record<string, unknown>;
  /** Whether there is time for one more post. */
  hasTime: () => boolean;
};

/** What goes back to the client: always an object with a `type`. */
export type Reply = { type: string; [key: string]: unknown };

/** What a client can ask for: each name is a route of the WebSocket API. Throws a Problem. */
export const actions: Record<string, (system: System, request: Request) => Promise<Reply>> = {
  ping: () => Promise.resolve({ type: "pong" }),

  async subscribe(system, { connectionId, grants, frame, hasTime }) {
    const name = checkChannel(frame.channel);
    checkChannelGrant(grants, "subscribe", name);
    const since = checkSince(frame.since);
    const connection = await findConnection(system.table, connectionId);
    if (connection === undefined) throw unknownConnection();

    const channel = await subscribe(system.table, connection, name);
    const last = channel.sequence === 0 ? null : idOf(channel);
    const subscribed = { type: "subscribed", channel: name, last };
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
    const limit = checkLimit(frame.limit, mostMessages, 100);
    // The frame has room for the messages and as much as the rest of it can take.
    const bytes = frameBytes - 512;
    return { type: "history", ...(await excerpt(table, channel, { since, limit, bytes })) };
  },
};

/** An id, or null as `last` has it of a channel without a message: all of them come after it. */
function checkSince(since: unknown): string | null | undefined {
  if (since === undefined || since === null || typeof since === "string") return since;
  throw new Problem("invalid-since", '"since" takes the id of a message, as "k3f9x2-42", or null.');
}
