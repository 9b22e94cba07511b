import { Problem } from "./problem.ts";
import type { Channel } from "./channel.ts";
import type { Content } from "./request-body.ts";

export type Message = {
  /** `<epoch>-<sequence>`: orders the channel's messages and shows a gap. */
  id: string;
  channel: string;
  /** What a plain client gets. */
  text: string;
  /** What a channels.v1 client gets as `data`. */
  data: unknown;
  /** ISO 8601, milliseconds, UTC. */
  time: string;
};

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
const mostBytes = 128 * 1024;

/** The message that has the channel's current sequence. */
export function toMessage(channel: Channel, content: Content, time: Date): Message {
  return {
    id: `${channel.epoch}-${channel.sequence}`,
    channel: channel.name,
    ...content,
    time: time.toISOString(),
  };
}

/** The frame of a channels.v1 client. */
export function envelope({ channel, id, data, time }: Message): string {
  return JSON.stringify({ type: "message", channel, id, data, time });
}

/**
 * Throws a Problem (413) where the content, in the larger of its two frames, is over the 128 KB
 * that API Gateway delivers.
 */
export function checkSize(channel: string, content: Content): void {
  // As long as any id of the channel can be: six of epoch, sixteen of sequence.
  const id = "e".repeat(6) + "-" + "9".repeat(16);
  const frame = envelope({ id, channel, ...content, time: new Date(0).toISOString() });
  const bytes = Math.max(Buffer.byteLength(frame), Buffer.byteLength(content.text));
  if (bytes > mostBytes) {
    throw new Problem(
      413,
      `The message takes ${bytes} bytes with its envelope; API Gateway delivers up to ${mostBytes}.`,
    );
  }
}
