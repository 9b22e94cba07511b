import { matches } from "./pattern.ts";
import { Problem } from "../protocol/problem.ts";

/** What a caller may do. */
export type Grants = {
  /** Patterns of the channels that it may subscribe to and read. */
  subscribe: string[];
  /** Patterns of the channels that it may publish to. */
  publish: string[];
  /** Whether it may see who is on which channel, and send to and close a connection. */
  admin: boolean;
};

const everything: Grants = { subscribe: ["*"], publish: ["*"], admin: true };

/**
 * What API Gateway has found out about a caller: the claims of an HTTP request's token, or what our
 * authorizer has said of a WebSocket's. All values are text.
 */
export type Claims = Record<string, string>;

/**
 * Returns what the claims grant. Only where `auth`, the stack's mode, is `iam` or `none` is everything
 * granted without claims: a route that has lost its authorizer grants nothing.
 */
export function grantsOf(auth: string, claims: Claims = {}): Grants {
  if (!hasTokens(auth)) return everything;
  return {
    subscribe: patternsOf(claims.subscribe),
    publish: patternsOf(claims.publish),
    admin: claims.admin === "true",
  };
}

/** Returns when a connection's token ends, in epoch seconds: never without one, and 0 where it is missing. */
export function tokenEnd(auth: string, claims: Claims = {}): number {
  return hasTokens(auth) ? Number(claims.expiresAt) || 0 : Infinity;
}

/**
 * Returns the patterns of a claim: a list, or text with spaces between them. An HTTP API hands over a
 * list as text as well, as in `[news room-*]`. Anything else has none.
 */
export function patternsOf(claim: unknown): string[] {
  const list: unknown[] = Array.isArray(claim) ? claim : [claim];
  return list
    .filter((entry) => typeof entry === "string")
    .flatMap((entry) => entry.replace(/^\[(.*)\]$/s, "$1").split(/\s+/))
    .filter((pattern) => pattern !== "");
}

/** Throws a Problem where the caller's claim does not name the channel. */
export function checkChannelGrant(
  grants: Grants,
  claim: "subscribe" | "publish",
  channel: string,
): void {
  if (grants[claim].some((pattern) => matches(pattern, channel))) return;
  throw new Problem(
    "forbidden",
    `The token does not let you ${claim} to the channel ${channel}: its claim "${claim}" has to name it.`,
  );
}

/** Throws a Problem where the caller is no admin. */
export function checkAdmin({ admin }: Grants): void {
  if (admin) return;
  throw new Problem("forbidden", 'The token has to have the claim "admin": true for this.');
}

function hasTokens(auth: string): boolean {
  return auth !== "iam" && auth !== "none";
}
