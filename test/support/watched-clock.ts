import { ManualClock, type Timer } from "../../local/shared/clock.ts";

/** A clock that a test moves, and that knows the timers that are neither due nor cancelled. */
export class WatchedClock extends ManualClock {
  readonly timers = new Set<Timer>();

  override after(milliseconds: number, callback: () => void): Timer {
    const inner = super.after(milliseconds, () => {
      this.timers.delete(timer);
      callback();
    });
    const timer = {
      cancel: () => {
        this.timers.delete(timer);
        inner.cancel();
      },
    };
    this.timers.add(timer);
    return timer;
  }
}
