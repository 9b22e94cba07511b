import { randomBytes } from "node:crypto";

/**
 * Returns a new id in the form that API Gateway gives to connections, messages and requests alike:
 * 11 random bytes in URL-safe base64, which is 16 characters with `=` at the end.
 */
export function newId(): string {
  return `${randomBytes(11).toString("base64url")}=`;
}

/** Returns whether a text has the form of an id. */
export function isId(text: string): boolean {
  return /^[\w+/-]{15}=$/.test(text);
}
