import type { Protocol } from "../api.ts";
import { deliveries } from "./deliveries.ts";
import type { Mark, MessageFacts } from "./frame-list.ts";
import { published } from "./published.ts";

/** All that this page's clients have got. */
export const arrivals = deliveries();

const own = published();

/** The types of replies, which a plain client gets as JSON too. */
const replies = ["subscribed", "unsubscribed", "published", "history", "presence", "pong", "error"];

/** Notes that this page begins to publish a text. */
export function noteOwn(text: string): void {
  own.note(text, Date.now());
}

/**
 * Returns what is known of a frame that a client has got, and counts it; undefined where it is no message.
 * To a plain client everything is one that is neither a reply nor an echo.
 */
export function received(got: {
  text: string;
  frame: Record<string, unknown> | undefined;
  marks: Mark[] | undefined;
  protocol: Protocol;
  isEcho: boolean;
  time: number;
}): MessageFacts | undefined {
  const { text, frame, marks = [], protocol, time } = got;
  if (protocol === "plain") {
    if (got.isEcho || replies.includes(String(frame?.type))) return undefined;
    const latency = own.since(text, time);
    arrivals.count(time, latency);
    return { ...(latency !== undefined && { latency }), marks: [] };
  }
  if (frame?.type !== "message") return undefined;
  const latency = time - Date.parse(String(frame.time));
  // What has waited for its subscriber says nothing of the way.
  const hasWaited = marks.includes("resumed") || marks.includes("repeated");
  arrivals.count(time, hasWaited ? undefined : latency);
  return { id: String(frame.id), channel: String(frame.channel), latency, marks };
}
