import assert from "node:assert/strict";
import { type Asked, type MessageRecord } from "./soak/records.ts";
import { Story } from "./soak/story.ts";

describe("the soak's model: what clients and readers are told", () => {
  let story: Story;
  beforeEach(() => (story = new Story()));

  function ask(asked: Partial<Asked> & Pick<Asked, "kind" | "status">): void {
    const from = story.model.tick();
    story.model.asked.push({ client: "ann", from, to: story.model.tick(), ...asked });
  }

  it("finds a recovered that comes with a hole, up to its last and after it", () => {
    story.open("bob", ["news"]);
    for (const id of ["e-1", "e-2", "e-3"]) story.get("bob", story.publish(id), id);
    story.open("ann", ["news"]);
    story.subscribe("ann", "news", { since: "e-2", last: "e-3", recovered: true });
    assert.deepEqual(story.broken(), ["false: recovered with a hole"]);
    assert.deepEqual(story.broken({ isKept: false }), ["false: recovered with a hole"]);
  });

  it("finds a recovered for a since of no such channel, or ahead of it", () => {
    story.open("ann", ["news"]);
    story.get("ann", story.publish("e-1"), "e-1");
    for (const since of ["0-1", "e-2"]) {
      story.subscribe("ann", "news", { since, last: "e-1", recovered: true });
    }
    const rule = "false: recovered with a hole";
    assert.deepEqual(story.broken(), [rule, rule]);
  });

  it("finds a last that is the id of no message", () => {
    story.open("ann", ["news"]).subscribe("ann", "news", { last: "e-1" });
    assert.deepEqual(story.broken(), ["false: a last that never comes"]);
    assert.deepEqual(story.broken({ countsOnce: false }), []);
    story.read([["e-1", story.fail()]]);
    assert.deepEqual(story.broken(), []);
  });

  it("finds a history that lacks what was acknowledged before its last page", () => {
    const first = story.publish("e-1");
    const second = story.publish("e-2");
    story.read([["e-2", second]], { since: "e-1" }).read([["e-1", first]]);
    assert.deepEqual(story.broken(), ["lost: history skips a message"]);
  });

  it("asks no more of a history than up to where it has come, where it says that there is more", () => {
    const first = story.publish("e-1");
    story.publish("e-2");
    const third = story.publish("e-3");
    story.read([["e-1", first]], { isWhole: false });
    assert.deepEqual(story.broken(), []);
    const passing: [string, MessageRecord][] = [
      ["e-1", first],
      ["e-3", third],
    ];
    story.read(passing, { isWhole: false });
    assert.deepEqual(story.broken(), ["lost: history skips a message"]);
  });

  it("finds a history that has passed over what is acknowledged later", () => {
    const first = story.message();
    story.read([["e-2", story.publish("e-2")]]);
    story.publish("e-1", first);
    story.publish("e-3");
    assert.deepEqual(story.broken(), ["lost: history skips a message"]);
    assert.deepEqual(story.broken({ isKept: false }), []);
  });

  it("finds a history that is out of order", () => {
    const first = story.publish("e-1");
    story.read([
      ["e-2", story.publish("e-2")],
      ["e-1", first],
    ]);
    assert.deepEqual(story.broken(), ["false: history out of order"]);
  });

  it("finds an open client that is taken for gone, and grants it while it connects", () => {
    story.model.connecting("ann", "plain", ["news"]);
    ask({ kind: "show", status: 404 });
    story.open("ann", ["news"]);
    assert.deepEqual(story.broken(), []);
    ask({ kind: "show", status: 404 });
    story.model.toldError("ann", "unknown-connection");
    const rule = "false: taken for gone";
    assert.deepEqual(story.broken(), [rule, rule]);
  });

  it("finds a direct message that never comes", () => {
    story.open("ann", ["news"]);
    ask({ kind: "direct", status: 503, serial: 1 });
    assert.deepEqual(story.broken(), []);
    ask({ kind: "direct", status: 200, serial: 2 });
    assert.deepEqual(story.broken(), ["deaf: a direct message is missed"]);
  });

  it("finds a client that is shown or listed otherwise than it was told", () => {
    story.open("ann", ["news"]);
    ask({ kind: "show", status: 200, channels: ["sport"] });
    const [from, to] = [story.model.tick(), story.model.tick()];
    story.model.listings.push({ channel: "news", from, to, connectionIds: ["id-ann", "id-ann"] });
    story.model.listings.push({ channel: "sport", from, to, connectionIds: ["id-ann"] });
    const listed = "false: listed otherwise";
    assert.deepEqual(story.broken(), ["false: shown otherwise", listed, listed]);
  });

  it("finds a close without a reason, and a delete that closes nothing", () => {
    story.open("ann", ["news"]).open("bob", ["news"]);
    ask({ kind: "delete", status: 204 });
    story.model.ended("bob", "is closed", 1001);
    story.forget("ann").forget("bob");
    assert.deepEqual(story.broken(), ["false: deleted, and open", "false: closed for no reason"]);
  });
});
