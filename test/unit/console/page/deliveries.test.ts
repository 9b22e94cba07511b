import assert from "node:assert/strict";
import { deliveries, percentile, shownSeconds } from "../../../../console/page/deliveries.ts";

describe("deliveries of the last minutes", () => {
  const start = 1_800_000_000_000;

  it("are counted by the second, with percentiles of what is known", () => {
    const counted = deliveries();
    for (let latency = 1; latency <= 100; latency++) counted.count(start + latency, latency);
    counted.count(start + 999, undefined);
    counted.count(start + 1000, undefined);
    const { seconds, perSecond, p50, p99 } = counted.series(start + 2000);
    assert.equal(seconds.length, shownSeconds);
    assert.deepEqual(seconds.slice(-2), [start / 1000, start / 1000 + 1]);
    assert.deepEqual(perSecond.slice(-3), [0, 101, 1]);
    assert.deepEqual(p50.slice(-3), [null, 50, null]);
    assert.deepEqual(p99.slice(-3), [null, 99, null]);
  });

  it("leave out the second that is not over, and those that are long over", () => {
    const counted = deliveries();
    counted.count(start, 1);
    const total = (now: number) =>
      counted.series(now).perSecond.reduce((sum, count) => sum + count, 0);
    assert.equal(total(start + 999), 0);
    assert.equal(total(start + 1000), 1);
    assert.equal(total(start + (shownSeconds + 1) * 1000), 0);
  });

  it("have the smallest latency that a share does not exceed", () => {
    assert.equal(percentile([3, 1, 2], 0.5), 2);
    assert.equal(percentile([7], 0.99), 7);
    assert.equal(percentile([], 0.5), null);
  });
});
