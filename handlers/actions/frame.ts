import type { Grants } from "../auth/grants.ts";
import { maxMessageBytes } from "../protocol/limits.ts";

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

/** Bytes of a page of members: it is followed by a cursor, which has the name of the last of them. */
export const membersBytes = maxMessageBytes - 2_048;

/** What goes back to the client: always an object with a `type`. */
export function reply(value: { type: string; [key: string]: unknown }): string {
  return JSON.stringify(value);
}
