import type { Time } from "../../handlers/aws/clock.ts";
import type { ManualClock } from "../../local/shared/clock.ts";

/** The handlers' time on a clock that a test moves, and how many wait for it. */
export class WaitingTime implements Time {
  /** Callbacks that are due later. */
  waiting = 0;
  readonly #clock: ManualClock;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  after(milliseconds: number, callback: () => void): () => void {
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
    return () => {
      end();
      timer.cancel();
    };
  }
}
