import type { Time } from "../../handlers/channels/time.ts";
import type { ManualClock } from "../../local/clock.ts";

/** The handlers' time on a clock that a test moves. */
export function manualTime(clock: ManualClock): Time {
  return {
    now: () => clock.now(),
    after(milliseconds, callback) {
      const timer = clock.after(milliseconds, callback);
      return () => {
        timer.cancel();
      };
    },
  };
}
