import type { System } from "../aws/system.ts";
import { infoMember } from "../protocol/presence.ts";
import type { Channel } from "../store/channel.ts";
import { readCursor, writeCursor } from "../store/cursor.ts";
import type { Paging } from "../store/directory.ts";
import { listPresent, type Listed } from "../store/members.ts";

// The last member that was listed.
const memberPosition = /^.{1,256}$/su;

/**
 * Reads who is on a channel, as members of a JSON object: `connections`, how many there are, of members and
 * others; `total`, how many members; `members`, a page of these, sorted by name; `cursor`, where the next
 * page begins, or null after the last. With more members than `presenceLimit` it is `connections` and
 * `limited` alone.
 *
 * A page takes so many bytes at most, and has one member at least.
 */
export async function presenceMembers(
  { table, presenceLimit }: System,
  channel: Channel,
  { limit, cursor, maxBytes }: Paging & { maxBytes: number },
): Promise<string> {
  const listing = `members#${channel.name}`;
  const after = cursor === undefined ? "" : readCursor(listing, memberPosition, cursor);
  const { members, connections } = await listPresent(table, channel, presenceLimit);
  if (members === undefined) return `"connections":${connections},"limited":true`;
  const left = members.filter(({ name }) => name > after);
  const page: string[] = [];
  let bytes = 0;
  for (const member of left.slice(0, limit)) {
    const entry = entryOf(member);
    bytes += Buffer.byteLength(entry) + 1;
    if (bytes > maxBytes && page.length > 0) break;
    page.push(entry);
  }
  const last = left[page.length - 1];
  const next = last === undefined || page.length === left.length ? null : last.name;
  const nextCursor = JSON.stringify(next === null ? null : writeCursor(listing, next));
  return `"connections":${connections},"total":${members.length},"members":[${page.join(",")}],"cursor":${nextCursor}`;
}

function entryOf({ name, connections, revision, info }: Listed): string {
  const ordered = JSON.stringify({ member: name, connections, revision });
  return `${ordered.slice(0, -1)}${infoMember(info)}}`;
}
