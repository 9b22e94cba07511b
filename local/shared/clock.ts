/** Time as the local services see it, which a test moves by hours at once. */
export type Clock = {
  /** Returns the time in milliseconds since the epoch. */
  now(): number;
  /** Calls back once, `milliseconds` from now, unless it is cancelled before. */
  after(milliseconds: number, callback: () => void): Timer;
};

export type Timer = { cancel(): void };

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const timeout = setTimeout(callback, milliseconds);
    return {
      cancel: () => {
        clearTimeout(timeout);
      },
    };
  },
};

/** A clock that stands still until `advance` moves it. Callbacks run in the order of their times. */
export class ManualClock implements Clock {
  #now: number;
  #timers = new Set<{ at: number; callback: () => void }>();

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, callback: () => void): Timer {
    const timer = { at: this.#now + milliseconds, callback };
    this.#timers.add(timer);
    return {
      cancel: () => {
        this.#timers.delete(timer);
      },
    };
  }

  /** Moves time forward, and runs every callback that is due by then. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const due = [...this.#timers]
        .filter((timer) => timer.at <= end)
        .sort((a, b) => a.at - b.at)
        .at(0);
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#now = due.at;
      due.callback();
    }
    this.#now = end;
  }
}
