import type { Gap, Message } from "./types.ts";

/** `Last` is what a reply says of the last messages: of a channel the id, or null. */
export type Window<Last = string | null> = {
  /** Takes a message that has come, once or more often, in whatever order. */
  take(message: Message): void;
  /**
   * Takes the reply to a `subscribe`: every message up to `last` has been sent before it, or is void, or
   * with `recovered` false may be lost, unless it is about to be kept. Returns how often in a row to ask
   * again, from `since`: 0 where all has come.
   */
  settle(last: Last, recovered: boolean | undefined, since?: Last): number;
  /** Delivers what is held, and then holds for what is still missing nothing but its place. */
  flush(): void;
  /** The last id without a gap below it, as `since` takes it; undefined before the first reply. */
  since(): Last | undefined;
  /** Whether no message is known to be missing. */
  isWhole(): boolean;
};

/** Messages above a missing one. Those that come when so many are there are left to a replay. */
const maxHeld = 2_000;

/**
 * Puts the messages of a channel in order: it delivers each once, and holds those above one that is
 * missing. A number below `last` may be void, since its publish has failed, or about to be kept: some
 * replies in a row that do not bring it say that it will not come.
 */
export function openWindow(
  first: string | null | undefined,
  deliver: (message: Message) => void,
  onGap: (gap: Gap) => void,
): Window {
  // Undefined before the first reply; then null until the channel has its first message.
  let epoch: string | null | undefined;
  /** Each message up to this sequence is delivered, void or lost. */
  let last = 0;
  /** The highest sequence that is known. */
  let highest = 0;
  /** By sequence, those above `last`; undefined where it is delivered already. */
  const held = new Map<number, Message | undefined>();
  /** Where replies stop, and how many have in a row. */
  let stuckAt = -1;
  let replies = 0;
  /** Whether something has come that has no place here. */
  let isForeign = false;
  /** What has come before the first reply, which says whether it comes after that. */
  const early: Message[] = [];

  const parse = (id: string | null): [string | null, number] => {
    const [ofEpoch = null, digits = 0] = id?.split("-") ?? [];
    return [ofEpoch, Number(digits)];
  };
  const idOf = (sequence: number) => (epoch && sequence > 0 ? `${epoch}-${sequence}` : null);
  const drain = () => {
    for (; held.has(last + 1); held.delete(last)) {
      const message = held.get(++last);
      if (message) deliver(message);
    }
  };
  const flush = () => {
    for (const [sequence, message] of [...held].sort(([one], [other]) => one - other)) {
      held.set(sequence, undefined);
      if (message) deliver(message);
    }
  };
  if (first !== undefined) [epoch, last] = parse(first);

  const take = (message: Message) => {
    if (epoch === undefined) {
      early.push(message);
      return;
    }
    const [ofEpoch, sequence] = parse(message.id);
    epoch ??= ofEpoch;
    isForeign ||= ofEpoch !== epoch;
    if (ofEpoch !== epoch || sequence <= last || held.has(sequence)) return;
    highest = Math.max(highest, sequence);
    if (held.size >= maxHeld && sequence > last + 1) return;
    held.set(sequence, message);
    drain();
  };

  return {
    take,
    settle(id, recovered) {
      const [ofEpoch, sequence] = parse(id);
      if (epoch === null) epoch = ofEpoch;
      const after = idOf(last);
      if (ofEpoch !== epoch) {
        // The channel has ended and begun again, or this is the first reply.
        flush();
        held.clear();
        const isFirst = epoch === undefined;
        [epoch, last, highest] = [ofEpoch, sequence, sequence];
        isForeign = false;
        if (isFirst) early.splice(0).forEach(take);
        else onGap({ after, before: idOf(last + 1) });
        return 0;
      }
      highest = Math.max(highest, sequence);
      if (last >= sequence) return 0;
      if (stuckAt !== last) replies = 0;
      stuckAt = last;
      if (++replies < (recovered ? 2 : 4)) return replies;
      last = Math.min(sequence, ...[...held.keys()].map((key) => key - 1));
      if (!recovered) onGap({ after, before: idOf(last + 1) });
      drain();
      return last < sequence ? 1 : 0;
    },
    flush,
    since: () => (epoch ? `${epoch}-${last}` : epoch),
    isWhole: () => last >= highest && !isForeign,
  };
}
