import assert from "node:assert/strict";
import { epochSeconds, sleep, systemClock } from "../../../../handlers/aws/clock.ts";
import { ManualClock } from "../../../../local/shared/clock.ts";

describe("the clock", () => {
  it("counts epoch seconds as whole ones that have begun", () => {
    assert.equal(epochSeconds(new ManualClock(1_795_000_000_000)), 1_795_000_000);
    assert.equal(epochSeconds(new ManualClock(1_795_000_000_999)), 1_795_000_000);
    assert.equal(epochSeconds(new ManualClock(1_795_000_001_000)), 1_795_000_001);
  });

  it("ends a sleep when its time has come, and not before", async () => {
    const clock = new ManualClock();
    let isAwake = false;
    const sleeping = sleep(clock, 100).then(() => (isAwake = true));
    clock.advance(99);
    await new Promise(setImmediate);
    assert.equal(isAwake, false);
    clock.advance(1);
    await sleeping;
  });

  it("of the machine calls back, unless that is cancelled", async () => {
    const called: string[] = [];
    const cancelled = systemClock.after(1, () => called.push("cancelled"));
    const last = new Promise<void>((resolve) => {
      systemClock.after(1, () => called.push("first"));
      systemClock.after(2, () => {
        called.push("second");
        resolve();
      });
    });
    cancelled.cancel();
    await last;
    assert.deepEqual(called, ["first", "second"]);
  });
});
