import type { Channel } from "../store/channel.ts";
import { dataOf } from "./content.ts";
import type { Content } from "./content.ts";
import { Problem } from "./problem.ts";

export type Message = Content & {
  channel: string;
  epoch: string;
  sequence: number;
  /** ISO 8601, milliseconds, UTC. */
  time: string;
};

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
/** What API Gateway delivers. */
export const frameBytes = 128 * 1024;

/** `<epoch>-<sequence>`: orders a channel's messages, and shows a gap. */
export function idOf({ epoch, sequence }: { epoch: string; sequence: number }): string {
  return `${epoch}-${sequence}`;
}

/** The sequence that an id of this channel names; undefined for an id of any other. */
export function sequenceOf(id: string, { epoch, sequence }: Channel): number | undefined {
  const [, ofEpoch, digits] = /^([a-z0-9]+)-(0|[1-9]\d{0,15})$/.exec(id) ?? [];
  const named = Number(digits);
  return ofEpoch === epoch && named <= sequence ? named : undefined;
}

/** How a list of messages shows one. */
export function listed(message: Message): { id: string; data: unknown; time: string } {
  return { id: idOf(message), data: dataOf(message), time: message.time };
}

/** What a client gets of a message: its text where it is plain, an envelope where it is JSON. */
export type Frames = { plain: string; json: string };

export function framesOf(message: Message): Frames {
  const { channel } = message;
  const envelope = { type: "message", channel, ...listed(message) };
  return { plain: message.text, json: JSON.stringify(envelope) };
}

/** What one client gets that was not sent to a channel. */
export function directFrames(content: Content, time: Date): Frames {
  const envelope = { type: "direct", data: dataOf(content), time: time.toISOString() };
  return { plain: content.text, json: JSON.stringify(envelope) };
}

/** Throws a Problem where a frame takes more bytes than the stack allows: 128 KB, or less. */
export function checkSize({ plain, json }: Frames, most = frameBytes): void {
  const bytes = Math.max(Buffer.byteLength(plain), Buffer.byteLength(json));
  if (bytes > most) {
    throw new Problem(
      "too-large",
      `The message takes ${bytes} bytes with its envelope: it may take up to ${most}.`,
    );
  }
}
