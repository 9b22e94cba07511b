/** Messages of one channel that have not arrived yet, though a later one has. */
export type Gap = {
  epoch: string;
  /** Sequences; empty when all have arrived late. */
  missing: Set<number>;
};

/** What a message means for the order of its channel. */
export type Place = {
  /** The gap that it shows, before it. */
  opened?: Gap;
  /** The gap that it was in. */
  filled?: Gap;
  /** Whether it has come before: delivery is at least once. */
  isRepeat: boolean;
};

/** Follows the ids of one channel. */
export type GapTracker = {
  take(id: string): Place;
  /** Every message above this id is delivered, as `last` of a `subscribed` promises; null before the first. */
  startAfter(last: string | null): void;
  /** The last id that has no gap below it, to resume from; undefined if no id is known. */
  resumeFrom(): string | undefined;
};

/** Sequences of one gap that are kept, the last ones. */
const maxMissing = 1000;

export function gapTracker(): GapTracker {
  let epoch: string | undefined;
  let highest = 0;
  let gaps: Gap[] = [];

  function begin(at: string, sequence: number): void {
    epoch = at;
    highest = sequence;
    gaps = [];
  }

  return {
    take(id) {
      const { epoch: at, sequence } = parsed(id);
      if (at !== epoch) {
        begin(at, sequence);
        return { isRepeat: false };
      }
      const filled = gaps.find(({ missing }) => missing.delete(sequence));
      if (filled !== undefined) {
        gaps = gaps.filter(({ missing }) => missing.size > 0);
        return { filled, isRepeat: false };
      }
      if (sequence <= highest) return { isRepeat: true };
      const missing = new Set<number>();
      const first = Math.max(highest + 1, sequence - maxMissing);
      for (let number = first; number < sequence; number++) missing.add(number);
      highest = sequence;
      if (missing.size === 0) return { isRepeat: false };
      const opened = { epoch: at, missing };
      gaps.push(opened);
      return { opened, isRepeat: false };
    },
    startAfter(last) {
      if (last === null || (epoch !== undefined && last.startsWith(`${epoch}-`))) return;
      const { epoch: at, sequence } = parsed(last);
      begin(at, sequence);
    },
    resumeFrom() {
      if (epoch === undefined) return undefined;
      const open = gaps.flatMap(({ missing }) => [...missing]);
      return `${epoch}-${open.length === 0 ? highest : Math.min(...open) - 1}`;
    },
  };
}

function parsed(id: string): { epoch: string; sequence: number } {
  const [epoch = "", digits] = id.split("-");
  return { epoch, sequence: Number(digits) };
}
