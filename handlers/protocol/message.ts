import { dataJson, type Content } from "./content.ts";

/** A message of a channel. */
export type Message = Content & {
  channel: string;
  /** The channel's own: tells its messages from those of a former life under the same name. */
  epoch: string;
  /** Counts the channel's messages, from 1. */
  sequence: number;
  /** ISO 8601, milliseconds, UTC. */
  time: string;
};

/** `<epoch>-<sequence>`: orders a channel's messages, and shows a gap. */
export function messageId({ epoch, sequence }: Pick<Message, "epoch" | "sequence">): string {
  return `${epoch}-${sequence}`;
}

/** Returns the sequence that an id of this channel names, or undefined for an id of any other. */
export function sequenceOf(
  id: string,
  { epoch, sequence }: Pick<Message, "epoch" | "sequence">,
): number | undefined {
  const [, ofEpoch, digits] = /^([a-z0-9]+)-(0|[1-9]\d{0,15})$/.exec(id) ?? [];
  const named = Number(digits);
  return ofEpoch === epoch && named <= sequence ? named : undefined;
}

/** The members that a message has as JSON, in a frame of its own and in a list. */
export function messageMembers(message: Message): string {
  const { time } = message;
  return `"id":"${messageId(message)}","data":${dataJson(message)},"time":"${time}"`;
}

// A publish has ended 29 seconds after it began, as its function has, and takes its number in that
// time: the next message's own time may lie 29 seconds before its number, and clocks differ.
/** Milliseconds after the time of a message in which one with a lower number may still be kept. */
export const settledMilliseconds = 60_000;
