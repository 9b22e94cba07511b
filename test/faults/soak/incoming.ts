import { keysOf, parse, text } from "./json.ts";
import { markIn } from "./message.ts";
import type { Reply } from "./open-frame.ts";
import type { Protocol } from "./records.ts";

/** What a client gets: a message or what is for it alone, or else an answer; a text is an echo. */
export type Incoming =
  | { got: { text: string } | { data: unknown; id?: string; channel?: string } }
  | { answer: string | Reply };

export function readIncoming(protocol: Protocol, frame: string): Incoming {
  const json = keysOf(parse(frame));
  if (protocol === "plain") {
    const mark = markIn(frame)?.mark;
    if (mark === undefined) return { answer: json };
    return mark === "e" ? { answer: frame } : { got: { text: frame } };
  }
  const { type, data } = json;
  if (type === "direct") return { got: { data } };
  if (type !== "message") return { answer: json };
  return { got: { data, id: text(json.id) ?? "", channel: text(json.channel) ?? "" } };
}
