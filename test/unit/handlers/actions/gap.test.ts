import assert from "node:assert/strict";
import { isOpen, wasNeverKept } from "../../../../handlers/actions/gap.ts";
import { ManualClock } from "../../../../local/shared/clock.ts";

describe("a number that is missing", () => {
  const now = Date.UTC(2026, 10, 22, 10);
  const clock = new ManualClock(now);

  it("may still be kept for a minute from when it was taken", () => {
    const states = [now + 5_000, now, now - 59_999, now - 60_000].map((at) => isOpen(clock, at));
    assert.deepEqual(states, [true, true, true, false]);
  });

  it("never was kept where the one before it is kept for longer than a publish can take", () => {
    const before = (seconds: number) => ({ expiresAt: now / 1000 + seconds });
    assert.deepEqual(
      [before(300), before(36), before(35), before(1)].map((one) => wasNeverKept(clock, one)),
      [true, true, false, false],
    );
  });

  it("may have been kept and expired where there is none before it", () => {
    assert.equal(wasNeverKept(clock, undefined), false);
  });
});
