import { dataJson, type Content } from "./content.ts";

/** Whom a message leaves out, of those who are subscribed to its channel. */
export type Omission = {
  /** The connection that has published it by a frame: it gets no echo where it has asked for none. */
  from?: string | undefined;
  /** A connection that does not get it. */
  exclude?: string | undefined;
};

/** A message of a channel. */
export type Message = Content &
  Omission & {
    channel: string;
    /** The channel's own: tells its messages from those of a former life under the same name. */
    epoch: string;
    /** Counts the channel's messages, from 1. */
    sequence: number;
    /** ISO 8601, milliseconds, UTC. */
    time: string;
  };

/** Returns whether a message leaves a connection out; `echo` says whether that gets its own. */
export function leavesOut(
  { from, exclude }: Omission,
  { connectionId, echo }: { connectionId: string; echo?: boolean },
): boolean {
  return connectionId === exclude || (connectionId === from && echo === false);
}

/** `<epoch>-<sequence>`: orders a channel's messages, and shows a gap. */
export function messageId({ epoch, sequence }: Pick<Message, "epoch" | "sequence">): string {
  return `${epoch}-${sequence}`;
}

/** Returns the milliseconds from a publish until `at`; clocks of two functions differ by some. */
export function sincePublish({ time }: Pick<Message, "time">, at: number): number {
  return Math.max(0, at - Date.parse(time));
}

/** The form of a message's id. */
export const messageIdForm = /^([a-z0-9]{6})-(0|[1-9]\d{0,15})$/;

/** Returns the sequence that an id of this channel names, or undefined for an id of any other. */
export function sequenceOf(
  id: string,
  { epoch, sequence }: Pick<Message, "epoch" | "sequence">,
): number | undefined {
  const [, ofEpoch, digits] = messageIdForm.exec(id) ?? [];
  const named = Number(digits);
  return ofEpoch === epoch && named <= sequence ? named : undefined;
}

/** The members that a message has as JSON, in a frame of its own and in a list. */
export function messageMembers(message: Message): string {
  const { time } = message;
  return `"id":"${messageId(message)}","data":${dataJson(message)},"time":"${time}"`;
}

// A publish has ended 29 seconds after it took its number, as its function has; clocks differ, and a
// repeat with a key that knows the message's own time alone takes that, up to 29 seconds earlier.
/** Milliseconds after a number was taken in which its message may still be kept. */
export const settledMilliseconds = 60_000;
