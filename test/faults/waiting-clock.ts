import type { Clock, ManualClock, Timer } from "../../local/shared/clock.ts";

/** A clock that a test moves, with the number of timers that wait for it. */
export class WaitingClock implements Clock {
  /** The number of timers that are due later. */
  waiting = 0;
  readonly #clock: ManualClock;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  after(milliseconds: number, callback: () => void): Timer {
    let isDue = true;
    const end = () => {
      if (isDue) this.waiting -= 1;
      isDue = false;
    };
    this.waiting += 1;
    const timer = this.#clock.after(milliseconds, () => {
      end();
      callback();
    });
    return {
      cancel: () => {
        end();
        timer.cancel();
      },
    };
  }
}
