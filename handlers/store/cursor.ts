import { createHash } from "node:crypto";
import { Problem } from "../protocol/problem.ts";

/**
 * Writes where a listing goes on: opaque to clients. A cursor is bound to its listing by a check sum,
 * so that one which was changed, or is of another listing, is refused.
 */
export function writeCursor(listing: string, position: string): string {
  return Buffer.from(checkSum(listing, position) + position).toString("base64url");
}

/**
 * Returns the position that a cursor of this listing holds. Throws a Problem for any other text.
 * Whoever reads this code can make a check sum, so the position has to be of the listing's own form.
 */
export function readCursor(listing: string, form: RegExp, cursor: string): string {
  const text = Buffer.from(cursor, "base64url").toString();
  const position = text.slice(sumLength);
  // Several texts decode to the same bytes: only the one that was given out is a cursor.
  if (writeCursor(listing, position) !== cursor || !form.test(position)) {
    throw new Problem(
      "invalid-cursor",
      '"cursor" is none of this listing: take it as an answer gave it, or leave it out.',
    );
  }
  return position;
}

const sumLength = 12;

function checkSum(listing: string, position: string): string {
  const hash = createHash("sha256").update(`${listing}\n${position}`);
  return hash.digest("base64url").slice(0, sumLength);
}
