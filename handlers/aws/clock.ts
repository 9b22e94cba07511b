/** Time as the functions see it, so that a test can let it pass. */
export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once, `milliseconds` from now, unless the timer is cancelled before. */
  after(milliseconds: number, callback: () => void): Timer;
};

export type Timer = { cancel(): void };

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const timeout = setTimeout(callback, milliseconds);
    return {
      cancel() {
        clearTimeout(timeout);
      },
    };
  },
};

export function sleep(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(milliseconds, resolve);
  });
}

/** Epoch seconds, as `expiresAt` counts them. */
export function epochSeconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}
