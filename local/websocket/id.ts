import { randomBytes } from "node:crypto";

/**
 * A new id in the form that API Gateway gives to connections, messages and requests alike:
 * 11 random bytes in the URL-safe base64, 16 characters with `=` at the end.
 */
export function newId(): string {
  return `${randomBytes(11).toString("base64url")}=`;
}

/** Whether a text has the form of an id, whatever it may stand for. */
export function isId(text: string): boolean {
  return /^[\w+/-]{15}=$/.test(text);
}
