import type { System } from "../aws/system.ts";
import { checkChannelGrant } from "../auth/grants.ts";
import { exit } from "../delivery/enter.ts";
import { publishOnce } from "../delivery/publish-once.ts";
import { toContent } from "../protocol/content.ts";
import { maxEntries, maxMessageBytes, maxMessages } from "../protocol/limits.ts";
import {
  checkChannel,
  checkCursor,
  checkExcludeSelf,
  checkIdempotencyKey,
  checkLimit,
  checkSince,
  checkSubscribable,
} from "../protocol/parameters.ts";
import { findChannel } from "../store/channel.ts";
import { unsubscribe } from "../store/subscription.ts";
import { excerptMembers } from "./excerpt.ts";
import { membersBytes, reply, type ClientFrame } from "./frame.ts";
import { presenceMembers } from "./presence.ts";
import { subscribe } from "./subscribe.ts";

/** A frame has room for a page of these bytes, and as much as the rest of it can take. */
const pageBytes = maxMessageBytes - 512;

/** What a client can ask for: each name is a route of the WebSocket API. Gives the reply; throws a Problem. */
export const actions: Record<string, (system: System, frame: ClientFrame) => Promise<string>> = {
  ping: () => Promise.resolve(reply({ type: "pong" })),

  subscribe,

  async unsubscribe(system, { connectionId, members }) {
    // A prefix, too, of a stack that has taken these before.
    const channel = checkSubscribable(members.channel, true);
    const { revision, before } = await unsubscribe(system.table, connectionId, channel);
    await exit(system, channel, before);
    return reply({ type: "unsubscribed", channel, revision });
  },

  async publish(system, { connectionId, grants, members, text }) {
    const channel = checkChannel(members.channel);
    checkChannelGrant(grants, "publish", channel);
    const content = toContent(members, text);
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
