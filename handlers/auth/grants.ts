import { isPrefix, topOf } from "../protocol/prefix.ts";
import { Problem } from "../protocol/problem.ts";
import { patternsOf, type Claims } from "./claims.ts";
import { matches } from "./pattern.ts";

/** What a caller may do. */
export type Grants = {
  /** Patterns of the channels that it may subscribe to and read. */
  subscribe: string[];
  /** Patterns of the channels that it may publish to. */
  publish: string[];
  /** Patterns of the channels of which it may know who is there. */
  presence: string[];
  /** Whether it may see who is on which channel, and send to and close a connection. */
  admin: boolean;
};

const everything: Grants = { subscribe: ["*"], publish: ["*"], presence: ["*"], admin: true };

/**
 * Returns what the claims grant. Only where `auth`, the stack's mode, is `iam` or `none` is everything
 * granted without claims: a route that has lost its authorizer grants nothing.
 */
export function grantsOf(auth: string, claims: Claims = {}): Grants {
  if (!hasTokens(auth)) return everything;
  return {
    subscribe: patternsOf(claims.subscribe),
    publish: patternsOf(claims.publish),
    presence: patternsOf(claims.presence),
    admin: claims.admin === true,
  };
}

/** Returns when a connection's token ends, in epoch seconds: never without one, and 0 where it is missing. */
export function tokenEnd(auth: string, claims: Claims = {}): number {
  return hasTokens(auth) ? Number(claims.expiresAt) || 0 : Infinity;
}

const deeds = {
  subscribe: "subscribe to",
  publish: "publish to",
  presence: "see who is on",
} as const;

/** Throws a Problem where the caller's claim does not name the channel. */
export function checkChannelGrant(
  grants: Grants,
  claim: keyof typeof deeds,
  channel: string,
): void {
  if (grants[claim].some((pattern) => matches(pattern, channel))) return;
  throw new Problem(
    "forbidden",
    `The token does not let you ${deeds[claim]} the channel ${channel}: its claim "${claim}" has to name it.`,
  );
}

/** Throws a Problem where the caller's claim does not name the channel, or all that the prefix stands for. */
export function checkSubscribeGrant(grants: Grants, name: string): void {
  // A pattern that matches the prefix itself has a star for its star, and so matches whatever is below.
  const names = isPrefix(name) ? [topOf(name), name] : [name];
  for (const one of names) checkChannelGrant(grants, "subscribe", one);
}

/** Throws a Problem where the caller is no admin. */
export function checkAdmin({ admin }: Grants): void {
  if (admin) return;
  throw new Problem("forbidden", 'The token has to have the claim "admin": true for this.');
}

function hasTokens(auth: string): boolean {
  return auth !== "iam" && auth !== "none";
}
