import { ManualClock, type Timer } from "../../local/shared/clock.ts";

/** A clock that a test moves, and that moves by itself to each timer that is set. */
export class PassingClock extends ManualClock {
  override after(milliseconds: number, callback: () => void): Timer {
    const end = this.now() + milliseconds;
    const timer = super.after(milliseconds, callback);
    const immediate = setImmediate(() => {
      this.advance(Math.max(0, end - this.now()));
    });
    return {
      cancel: () => {
        clearImmediate(immediate);
        timer.cancel();
      },
    };
  }
}
