import { idBefore, sequenceOf } from "./ids.ts";
import type { Message } from "./types.ts";

/** The channels that have had a message, and of which it is not known whether that was the first. */
export type Strangers = {
  /** Keeps a message for a moment, until its channel begins with the first of those that come in it. */
  keep(message: Message): void;
  /** Begins each now; at the first message of all where `isBorn` says that it has come up just now. */
  begin(isBorn: (channel: string) => boolean): void;
  /** Begins none any more. */
  end(): void;
};

/** Milliseconds for messages that come later than others of their channel and are before these. */
const startMilliseconds = 1_000;

/** `onBegin` gets the id that a channel begins after, and then what was kept. */
export function openStrangers(
  onBegin: (channel: string, id: string | null, messages: Message[]) => void,
): Strangers {
  const strangers = new Map<string, { messages: Message[]; timer: unknown }>();

  const forget = (channel: string) => {
    const { messages = [], timer } = strangers.get(channel) ?? {};
    clearTimeout(timer as number);
    strangers.delete(channel);
    return messages;
  };
  const begin = (channel: string, isBorn = false) => {
    const messages = forget(channel);
    messages.sort((one, other) => sequenceOf(one.id) - sequenceOf(other.id));
    const [first] = messages;
    if (first) onBegin(channel, isBorn ? null : idBefore(first.id), messages);
  };
  return {
    keep(message) {
      const { channel, id } = message;
      const stranger = strangers.get(channel);
      if (stranger) stranger.messages.push(message);
      else {
        const wait = sequenceOf(id) > 1 ? startMilliseconds : 0;
        strangers.set(channel, { messages: [message], timer: setTimeout(begin, wait, channel) });
      }
    },
    begin(isBorn) {
      for (const channel of [...strangers.keys()]) begin(channel, isBorn(channel));
    },
    end() {
      for (const channel of strangers.keys()) forget(channel);
    },
  };
}
