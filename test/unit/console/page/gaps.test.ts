import assert from "node:assert/strict";
import { gapTracker } from "../../../../console/page/gaps.ts";

describe("the order of a channel's messages", () => {
  it("has no gap where each follows the one before", () => {
    const tracker = gapTracker();
    for (const id of ["a-5", "a-6", "a-7"]) assert.deepEqual(tracker.take(id), { isRepeat: false });
    assert.equal(tracker.resumeFrom(), "a-7");
  });

  it("has a gap where some are missing, until the last of them has arrived", () => {
    const tracker = gapTracker();
    tracker.take("a-1");
    const { opened } = tracker.take("a-4");
    assert.deepEqual([...(opened?.missing ?? [])], [2, 3]);
    assert.equal(tracker.resumeFrom(), "a-1");
    assert.equal(tracker.take("a-3").filled, opened);
    assert.deepEqual([...(opened?.missing ?? [])], [2]);
    assert.equal(tracker.take("a-2").filled, opened);
    assert.equal(opened?.missing.size, 0);
    assert.equal(tracker.resumeFrom(), "a-4");
  });

  it("knows a message that comes again", () => {
    const tracker = gapTracker();
    tracker.take("a-1");
    assert.deepEqual(tracker.take("a-1"), { isRepeat: true });
  });

  it("begins after what a subscribed says is the last", () => {
    const tracker = gapTracker();
    tracker.startAfter("a-7");
    assert.deepEqual([...(tracker.take("a-9").opened?.missing ?? [])], [8]);
    tracker.startAfter("a-9");
    assert.equal(tracker.resumeFrom(), "a-7");
  });

  it("begins anew with an epoch", () => {
    const tracker = gapTracker();
    tracker.take("a-7");
    assert.deepEqual(tracker.take("b-3"), { isRepeat: false });
    assert.equal(tracker.resumeFrom(), "b-3");
  });

  it("keeps the last 1,000 of a gap", () => {
    const tracker = gapTracker();
    tracker.take("a-1");
    const missing = [...(tracker.take("a-1000001").opened?.missing ?? [])];
    assert.deepEqual([missing.length, missing[0], missing.at(-1)], [1000, 999_001, 1_000_000]);
  });
});
