import { dataJson, type Content } from "./content.ts";
import { messageMembers, type Message } from "./message.ts";
import { isWatchers } from "./presence.ts";
import { Problem } from "./problem.ts";

/**
 * What a client speaks, by the subprotocol of its handshake: `plain` (none) gets each message as its
 * text, `channels.v1` gets everything as a JSON object with a `type`.
 */
export type Protocol = "plain" | "channels.v1";

/** One thing to send, as a client of each protocol gets it. */
export type Frames<Frame = string> = Record<Protocol, Frame>;

/** Picks the frame of a client. */
export function frameFor<Frame>(protocol: Protocol, frames: Frames<Frame>): Frame {
  return frames[protocol];
}

export function messageFrames(message: Message): Frames {
  const { text, channel } = message;
  // What watchers get is a frame already.
  if (isWatchers(channel)) return { plain: text, "channels.v1": text };
  const envelope = `{"type":"message","channel":"${channel}",${messageMembers(message)}}`;
  return { plain: text, "channels.v1": envelope };
}

/** The frames of what is sent to one client alone, and not to a channel. */
export function directFrames(content: Content, now: number): Frames {
  const time = new Date(now).toISOString();
  const envelope = `{"type":"direct","data":${dataJson(content)},"time":"${time}"}`;
  return { plain: content.text, "channels.v1": envelope };
}

/** Throws a Problem where a frame takes more bytes than the stack allows. */
export function checkSize(frames: Frames, maxBytes: number): void {
  const bytes = Math.max(...Object.values(frames).map((frame) => Buffer.byteLength(frame)));
  if (bytes > maxBytes) throw tooLarge(bytes, maxBytes);
}

export function tooLarge(bytes: number, maxBytes: number, what = "message"): Problem {
  return new Problem(
    "too-large",
    `The ${what} takes ${bytes} bytes with its envelope: it may take up to ${maxBytes}.`,
  );
}
