import { keysOf } from "./json.ts";
import type { Attempt, MessageRecord } from "./records.ts";

/** A frame that a client has sent, and that has no answer yet. */
export type OpenFrame =
  | { action: "subscribe"; channel: string; since: string | null | undefined }
  | { action: "unsubscribe"; channel: string }
  | { action: "publish"; channel: string; message: MessageRecord; attempt: Attempt }
  | { action: "history"; channel: string }
  | { action: "ping" }
  | { action: "echo"; text: string };

/** What comes back, as JSON has it. */
export type Reply = Record<string, unknown>;

/** The frame that a text, which can only be an echo, or a reply is the answer to. */
export function answeredBy(
  answer: string | Reply,
  opens: readonly OpenFrame[],
): OpenFrame | undefined {
  return opens.find((open) => isAnswerTo(open, answer));
}

function isAnswerTo(open: OpenFrame, answer: string | Reply): boolean {
  if (typeof answer === "string") return open.action === "echo" && open.text === answer;
  const { type, channel, recovered } = keysOf(answer);
  switch (open.action) {
    case "subscribe":
      return (
        type === "subscribed" &&
        channel === open.channel &&
        (recovered === undefined) === (open.since === undefined)
      );
    case "unsubscribe":
      return type === "unsubscribed" && channel === open.channel;
    case "publish":
      return type === "published" && channel === open.channel;
    case "history":
      return type === "history" && channel === open.channel;
    case "ping":
      return type === "pong";
    case "echo":
      return false;
  }
}
