import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** Calls back for each line of a text stream, in the turn it arrives; resolves at the end. */
export async function eachLine(stream: Readable, callback: (line: string) => void): Promise<void> {
  const lines = createInterface({ input: stream });
  lines.on("line", callback);
  await once(lines, "close");
}
