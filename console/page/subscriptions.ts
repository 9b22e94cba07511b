import { gapTracker, type Gap, type GapTracker } from "./gaps.ts";
import type { Mark } from "./frame-list.ts";

/** What a client knows of the channels and prefixes that it is on, from the frames that go in and out. */
export type Subscriptions = {
  /** Sorted. */
  names(): string[];
  /** Notes an action that the client sends. */
  sent(frame: Record<string, unknown>): void;
  /** Notes a reply; a message comes back with what it means for its channel's order. */
  received(frame: Record<string, unknown>): MessagePlace | undefined;
  /** What to resume from: a channel's last id, or of a prefix those of its channels. */
  resumeFrom(name: string): Since | undefined;
  /** The connection is gone, and every reply that it still owed. */
  closed(): void;
};

export type Since = string | Record<string, string>;

export type MessagePlace = { marks: Mark[]; opened?: Gap };

/** Begins with the channels of the handshake. */
export function subscriptions(channels: string[]): Subscriptions {
  const names = new Set(channels);
  const trackers = new Map<string, GapTracker>();
  const resuming = new Set<string>();

  function trackerOf(channel: string): GapTracker {
    const tracker = trackers.get(channel) ?? gapTracker();
    trackers.set(channel, tracker);
    return tracker;
  }

  return {
    names: () => [...names].sort(),
    sent({ action, channel, since }) {
      if (action === "subscribe" && typeof channel === "string" && since !== undefined) {
        resuming.add(channel);
      }
    },
    received({ type, channel, last, id, code }) {
      if (type === "error" && code !== "replay-in-progress") resuming.clear();
      if (typeof channel !== "string") return undefined;
      if (type === "subscribed") {
        resuming.delete(channel);
        names.add(channel);
        const ids: [string, unknown][] = isPrefix(channel)
          ? Object.entries(last ?? {})
          : [[channel, last]];
        for (const [of, one] of ids) trackerOf(of).startAfter(typeof one === "string" ? one : null);
      } else if (type === "unsubscribed") {
        names.delete(channel);
        for (const one of trackers.keys()) if (!standFor(names, one)) trackers.delete(one);
      } else if (type === "message" && typeof id === "string") {
        const { opened, filled, isRepeat } = trackerOf(channel).take(id);
        const marks: Mark[] = [
          ...(standFor(resuming, channel) ? (["resumed"] as const) : []),
          ...(filled ? (["late"] as const) : []),
          ...(isRepeat ? (["repeated"] as const) : []),
        ];
        return { marks, ...(opened && { opened }) };
      }
      return undefined;
    },
    resumeFrom(name) {
      if (!isPrefix(name)) return trackers.get(name)?.resumeFrom();
      const known = [...trackers].filter(([channel]) => standFor([name], channel));
      const ids = known.map(([channel, tracker]) => [channel, tracker.resumeFrom()] as const);
      return Object.fromEntries(ids.filter((one): one is [string, string] => one[1] !== undefined));
    },
    closed: () => {
      resuming.clear();
    },
  };
}

function isPrefix(name: string): boolean {
  return name.endsWith(":*");
}

/** Returns whether one of these is the channel, or a prefix that stands for it. */
function standFor(names: Iterable<string>, channel: string): boolean {
  return [...names].some(
    (name) =>
      name === channel || (isPrefix(name) && `${channel}:`.startsWith(name.slice(0, -"*".length))),
  );
}
