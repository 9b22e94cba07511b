import { gapTracker, type Gap, type GapTracker } from "./gaps.ts";
import type { Mark } from "./frame-list.ts";

/** What a client knows of the channels that it is on, from the frames that go in and out. */
export type Subscriptions = {
  /** Sorted. */
  names(): string[];
  /** Notes an action that the client sends. */
  sent(frame: Record<string, unknown>): void;
  /** Notes a reply; a message comes back with what it means for its channel's order. */
  received(frame: Record<string, unknown>): MessagePlace | undefined;
  /** The last id to resume a channel from. */
  resumeFrom(channel: string): string | undefined;
  /** The connection is gone, and every reply that it still owed. */
  closed(): void;
};

export type MessagePlace = { marks: Mark[]; opened?: Gap };

/** Begins with the channels of the handshake. */
export function subscriptions(channels: string[]): Subscriptions {
  const trackers = new Map<string, GapTracker>(channels.map((name) => [name, gapTracker()]));
  const resuming = new Set<string>();

  function trackerOf(channel: string): GapTracker {
    const tracker = trackers.get(channel) ?? gapTracker();
    trackers.set(channel, tracker);
    return tracker;
  }

  return {
    names: () => [...trackers.keys()].sort(),
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
        trackerOf(channel).startAfter(typeof last === "string" ? last : null);
      } else if (type === "unsubscribed") {
        trackers.delete(channel);
      } else if (type === "message" && typeof id === "string") {
        const { opened, filled, isRepeat } = trackerOf(channel).take(id);
        const marks: Mark[] = [
          ...(resuming.has(channel) ? (["resumed"] as const) : []),
          ...(filled ? (["late"] as const) : []),
          ...(isRepeat ? (["repeated"] as const) : []),
        ];
        return { marks, ...(opened && { opened }) };
      }
      return undefined;
    },
    resumeFrom: (channel) => trackers.get(channel)?.resumeFrom(),
    closed: () => {
      resuming.clear();
    },
  };
}
