import assert from "node:assert/strict";
import { Membership } from "./soak/membership.ts";
import { Story } from "./soak/story.ts";

describe("the soak's model: rows", () => {
  let story: Story;
  beforeEach(() => (story = new Story()));

  it("finds rows of who is gone", () => {
    story.open("ann", ["news"]).close("ann").subscription("ann", "news#0");
    assert.deepEqual(story.broken(), ["left: a row of who is gone"]);
  });

  it("grants an item that no publish can find to who left without a word, and no subscription", () => {
    story.open("ann", ["news"]);
    const [item, subscription] = story.rows;
    assert.ok(item && subscription);
    story.close("ann");
    assert.deepEqual(story.broken({ rows: [item] }), ["left: a row of who is gone"]);
    story.mayStay.add("ann");
    assert.deepEqual(story.broken({ rows: [item] }), []);
    assert.equal(story.broken({ rows: [item, subscription] }).length, 2);
  });

  it("says nothing of who may have been closed, and finds rows of who was", () => {
    story.open("ann", ["news"]).open("bob", ["news"]).forget("bob");
    for (const [client, status] of [
      ["ann", 204],
      ["bob", 500],
    ] as const) {
      const [from, to] = [story.model.tick(), story.model.tick()];
      story.model.asked.push({ kind: "delete", client, from, to, status });
    }
    story.model.ended("ann", "is closed", 1000);
    const rule = "left: a row of who is gone";
    assert.deepEqual(story.broken(), [rule, rule]);
  });

  it("finds an open client without an item", () => {
    story.open("ann", []).forget("ann");
    assert.deepEqual(story.broken(), ["left: an open client without an item"]);
  });

  it("finds an item that names other subscriptions than there are, and two of one channel", () => {
    story.open("ann", ["news"]).subscription("ann", "news#1");
    assert.deepEqual(story.broken(), [
      "left: an item and subscriptions that differ",
      "left: two subscriptions to one channel",
    ]);
  });

  it("grants rows that differ to who was told that a change failed, until the next one", () => {
    story.open("ann", ["news"]);
    story.rows[0]?.shardKeys.pop();
    story.model.asks("ann", "unsubscribe", "news");
    story.model.answered("ann", "unsubscribe", "news", "unknown");
    assert.deepEqual(story.broken(), []);
    story.model.asks("ann", "subscribe", "news");
    story.model.answered("ann", "subscribe", "news", "done");
    assert.deepEqual(story.broken(), ["left: an item and subscriptions that differ"]);
  });

  it("finds rows against what was told, and against what comes", () => {
    story.open("ann", []).subscribe("ann", "news");
    story.model.asks("ann", "unsubscribe", "news");
    story.model.answered("ann", "unsubscribe", "news", "done");
    assert.deepEqual(story.broken(), ["left: rows against what was told"]);
    story.probes.set("news", story.publish("e-1").serial);
    assert.deepEqual(story.broken(), [
      "left: rows against what was told",
      "left: rows against what comes",
    ]);
  });
});

describe("the soak's model: membership", () => {
  it("is certain between two answers, and not while there is none", () => {
    const membership = new Membership("out");
    membership.ask("subscribe", 1);
    membership.answer("subscribe", "done", 3);
    membership.ask("unsubscribe", 5);
    membership.answer("unsubscribe", "done", 7);
    assert.equal(membership.stood("in", 3, 4), true);
    for (const [from, to] of [
      [2, 4],
      [3, 5],
      [6, 6],
    ] as const) {
      assert.equal(membership.stood("in", from, to), false);
      assert.equal(membership.stood("out", from, to), false);
    }
    assert.equal(membership.stood("out", 7, 9), true);
  });

  it("stays subscribed where a second subscribe fails", () => {
    const membership = new Membership("in");
    membership.ask("subscribe", 1);
    membership.answer("subscribe", "unknown", 2);
    assert.equal(membership.stood("in", 0, 3), true);
  });

  it("is as before where a change is refused, and unknown where nobody knows", () => {
    const membership = new Membership("out");
    membership.ask("subscribe", 1);
    membership.answer("subscribe", "refused", 2);
    assert.equal(membership.standing, "out");
    membership.ask("subscribe", 3);
    membership.answer("subscribe", "unknown", 4);
    assert.equal(membership.standing, "unknown");
  });
});
