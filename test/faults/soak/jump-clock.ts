import type { Clock, Timer } from "../../../local/shared/clock.ts";

/** The machine's clock, which can be put forward: what waits in a queue for later comes sooner. */
export class JumpClock implements Clock {
  /**
   * Milliseconds by which it is ahead. It begins behind, so that a connection counts as connecting for 15
   * seconds, and not for the 30 that the functions allow: a round would wait for them.
   */
  ahead = -15_000;
  readonly #timers = new Set<{ arm: () => void }>();

  now(): number {
    return Date.now() + this.ahead;
  }

  after(milliseconds: number, callback: () => void): Timer {
    const at = this.now() + milliseconds;
    let timeout: NodeJS.Timeout | undefined;
    const timer = {
      arm: () => {
        clearTimeout(timeout);
        timeout = setTimeout(
          () => {
            this.#timers.delete(timer);
            callback();
          },
          Math.max(0, at - this.now()),
        );
      },
    };
    this.#timers.add(timer);
    timer.arm();
    return {
      cancel: () => {
        clearTimeout(timeout);
        this.#timers.delete(timer);
      },
    };
  }

  jump(milliseconds: number): void {
    this.ahead += milliseconds;
    for (const { arm } of [...this.#timers]) arm();
  }
}
