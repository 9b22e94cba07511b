import {
  channelNameForm,
  memberForm,
  maxInfoBytes,
  maxMemberCharacters,
} from "../protocol/limits.ts";
import type { Member } from "../protocol/presence.ts";
import { Problem } from "../protocol/problem.ts";
import type { WebSocketEvent } from "../protocol/websocket-event.ts";
import type { Claims } from "./claims.ts";

/**
 * Returns whom a connection belongs to: with tokens the `sub` of its own, with `iam` the last part of the
 * caller's ARN, which is a user's name or a role's session, and with `none` what the client says. Undefined
 * where there is no such thing: then the connection is no member.
 * Throws a Problem for a `?member=` that is not of its form.
 */
export function memberOf(
  auth: string,
  { identity, authorizer = {} }: Pick<WebSocketEvent["requestContext"], "identity" | "authorizer">,
  said: string | undefined,
): Member | undefined {
  if (auth === "iam") return named(identity.userArn?.split(/[:/]/).at(-1));
  if (auth !== "none") return named(authorizer.member, authorizer.info);
  if (said !== undefined && !memberForm.test(said)) {
    throw new Problem("invalid-channel", `A member's name is ${channelNameForm}.`);
  }
  return named(said);
}

/** What the authorizer hands on of a token: its member, and what of it everybody may know. */
export type MemberContext = { member?: string; info?: string };

/** Leaves out a `sub` that is no name, and an `info` that is too large. */
export function memberContext({ sub, info }: Claims): MemberContext {
  if (typeof sub !== "string" || sub.length > maxMemberCharacters || !sub.isWellFormed()) return {};
  const json = info === undefined ? undefined : JSON.stringify(info);
  const fits = json !== undefined && Buffer.byteLength(json) <= maxInfoBytes;
  return { member: sub, ...(fits && { info: json }) };
}

function named(name: string | undefined, info?: string): Member | undefined {
  return name === undefined || name === "" ? undefined : { name, info };
}
