import { isAfter } from "./ids.ts";
import { openStrangers } from "./strangers.ts";
import type { Gap, Message } from "./types.ts";
import { openWindow, type Window } from "./window.ts";

/** The last ids of channels, by name; null before the first. */
export type LastIds = Record<string, string | null>;

/** A gap of one channel; with null, of any: the stack does not say what became of channels when they are too many. */
export type PrefixGap = Gap & { channel: string | null };

/** The windows of a prefix's channels as one, whose `last` is null where there are too many to name. */
export type Windows = Window<LastIds | null> & {
  /** Has every channel resumed: a connection has opened. */
  resume(): void;
  /** The last id without a gap below it, of each channel. */
  last(): LastIds;
  /** Leaves no timer behind. */
  end(): void;
};

export type WindowsOptions = {
  first: LastIds | null | undefined;
  /** Milliseconds for which a message waits for one before it. */
  order: number;
  deliver: (message: Message) => void;
  onGap: (gap: PrefixGap) => void;
  /** Takes a message that has waited for where its channel begins. */
  retake: (message: Message) => void;
};

type Heard = Window & { newest?: string };

/**
 * Channels with a window; of more, those that were heard of last. This and what each window holds, up to 2,000
 * messages above one that is missing, bounds the memory.
 */
const maxChannels = 1_000;

/** Channels that one subscribe resumes, and messages that it replays. */
const maxResumed = 100;
const maxReplayed = 1_000;

export function openWindows({ first, order, deliver, onGap, retake }: WindowsOptions): Windows {
  /** The one that was heard of last is at the end. */
  const windows = new Map<string, Heard>();
  /** The channels that miss something, and since when. */
  const missing = new Map<string, number>();
  /** The channels that are yet to be resumed. */
  const due = new Set<string>();
  /**
   * Whether a channel without a window begins at its first message; undefined where the stack is to say. Then it
   * is asked without ids: with those of some channels it replays all that it keeps of any other, however old.
   */
  let isComplete = first === undefined ? undefined : true;
  /** Whether messages can be missed: from the first reply on, or from the ids that it begins with. */
  let isBegun = isComplete ?? false;
  /** Whether some can have been, since no reply has come on this connection. */
  let isNew = false;
  /** Messages since the last request. */
  let taken = 0;

  const forget = (channel: string) => {
    for (const known of [windows, missing, due]) known.delete(channel);
  };
  const open = (channel: string, id: string | null) => {
    const window: Heard = openWindow(id, deliver, (gap) => {
      onGap({ channel, ...gap });
    });
    windows.set(channel, window);
    for (const [oldest, window] of windows) {
      if (windows.size <= maxChannels) break;
      window.flush();
      forget(oldest);
      isComplete = undefined;
    }
    return window;
  };
  const check = (channel: string, window: Window) => {
    if (window.isWhole()) missing.delete(channel);
    else if (!missing.has(channel)) missing.set(channel, Date.now());
  };
  const settle = (channel: string, window: Window, id: string | null, recovered?: boolean) => {
    const replies = window.settle(id, recovered);
    check(channel, window);
    return replies;
  };
  const strangers = openStrangers((channel, id, messages) => {
    open(channel, id);
    messages.forEach(retake);
  });

  const idsOf = (channels: Iterable<string>): LastIds =>
    Object.fromEntries(
      [...channels].map((channel) => [channel, windows.get(channel)?.since() ?? null]),
    );

  /** Settles every channel that has had a message. */
  const settleAll = (last: LastIds, recovered: boolean | undefined, since: LastIds) => {
    strangers.begin((channel) => !Object.hasOwn(last, channel));
    for (const [channel, id] of Object.entries(since)) {
      if (id === null || Object.hasOwn(last, channel)) continue;
      // It has ended, for nobody used it.
      windows.get(channel)?.settle(null, recovered);
      forget(channel);
    }
    const replies = Object.entries(last).map(([channel, id]) => {
      const window = windows.get(channel) ?? open(channel, isComplete ? null : id);
      // Without a replay nothing is known to be lost.
      return isBegun && recovered === undefined ? 0 : settle(channel, window, id, recovered);
    });
    isComplete = true;
    return replies;
  };
  /** Settles the channels that were named, by what has come of them. */
  const settleNamed = (since: LastIds) => {
    isComplete = false;
    return Object.keys(since).map((channel) => {
      const window = windows.get(channel);
      return window?.newest ? settle(channel, window, window.newest, false) : 0;
    });
  };
  /** Has the next request ask how many there are, for they may be fewer by then. */
  const doubt = () => {
    if (isComplete === false) isComplete = undefined;
  };

  for (const [channel, id] of Object.entries(first ?? {})) open(channel, id);

  return {
    take(message) {
      const { channel, id } = message;
      taken += 1;
      const window = windows.get(channel) ?? (isComplete && open(channel, null));
      if (!window) {
        strangers.keep(message);
        return;
      }
      if (!window.newest || isAfter(id, window.newest)) window.newest = id;
      windows.delete(channel);
      windows.set(channel, window);
      window.take(message);
      check(channel, window);
    },
    settle(last, recovered, since) {
      // The replay has ended where it may: the next goes on from there.
      if (recovered === false && taken >= maxReplayed) return 1;
      for (const channel of Object.keys(since ?? {})) due.delete(channel);
      const isStrange = (channel: string) => !windows.has(channel);
      const isUnsure = last ? isBegun && !isComplete && Object.keys(last).some(isStrange) : isNew;
      if (isUnsure) onGap({ channel: null, after: null, before: null });
      const replies = last ? settleAll(last, recovered, since ?? {}) : settleNamed(since ?? {});
      const isLeft = due.size > 0 || (isBegun && !since && missing.size > 0);
      const again = Math.max(isLeft ? 1 : 0, ...replies);
      [isBegun, isNew] = [true, false];
      if (!again) doubt();
      return again;
    },
    resume() {
      isNew = isBegun;
      doubt();
      for (const channel of windows.keys()) due.add(channel);
    },
    flush() {
      for (const [channel, since] of missing) {
        if (Date.now() - since >= order) windows.get(channel)?.flush();
      }
    },
    since() {
      if (isComplete === undefined) return undefined;
      taken = 0;
      const asked = windows.size > maxResumed ? [...due, ...missing.keys()] : [...windows.keys()];
      return idsOf(asked.slice(0, maxResumed));
    },
    last: () => idsOf(windows.keys()),
    isWhole: () => missing.size === 0,
    end() {
      strangers.end();
    },
  };
}
