import type { Time } from "../../../handlers/aws/clock.ts";
import type { ManualClock } from "../../../local/shared/clock.ts";

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
