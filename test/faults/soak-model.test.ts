import assert from "node:assert/strict";
import { beginAttempt, endAttempt } from "./soak/publishing.ts";
import { Story } from "./soak/story.ts";

describe("the soak's model: messages", () => {
  let story: Story;
  beforeEach(() => (story = new Story()));

  it("finds nothing in a history where all is well", () => {
    story.open("ann", ["news"]).open("bob", ["news"]);
    const first = story.publish("e-1");
    story.get("ann", first, "e-1").get("ann", first, "e-1").get("bob", first, "e-1");
    story.subscribe("bob", "news", { since: null, last: "e-1", recovered: true });
    story.read([["e-1", first]]).close("bob");
    assert.deepEqual(story.broken(), []);
  });

  it("finds who has missed a message", () => {
    story.open("ann", ["news"]);
    story.publish("e-1");
    assert.deepEqual(story.broken(), ["deaf: a message is missed"]);
  });

  it("expects a message of who leaves by a close frame after the answer, and not of who is cut", () => {
    story.open("ann", ["news"]).open("bob", ["news"]);
    story.publish("e-1");
    story.close("ann").forget("bob").model.ended("bob", "is cut");
    assert.deepEqual(story.broken(), ["deaf: a message is missed"]);
  });

  it("expects what is queued of who stays, and not of who unsubscribes or leaves before", () => {
    story.open("ann", ["news"]).open("bob", ["news", "sport"]).open("cid", ["news"]);
    story.publish("e-1", story.message(), true);
    story.unsubscribe("bob", "news").close("cid");
    assert.deepEqual(story.broken(), ["deaf: a message is missed"]);
  });

  it("expects nothing of a publish without a 2xx, and of who was not subscribed when it began", () => {
    story.open("ann", ["news"]).open("bob", ["sport"]);
    story.fail();
    const second = story.message();
    const attempt = beginAttempt(story.model, second, "somebody");
    story.subscribe("bob", "news");
    const answer = { text: "", id: "e-2", mayBeQueued: false };
    endAttempt(story.model, second, attempt, "", { answer });
    story.get("ann", second, "e-2");
    assert.deepEqual(story.broken(), []);
  });

  it("finds who gets a message that began after it was told that it is not subscribed", () => {
    story.open("ann", ["news"]);
    const first = story.publish("e-1", story.message(), true);
    story.unsubscribe("ann", "news").get("ann", first, "e-1");
    assert.deepEqual(story.broken(), []);
    story.get("ann", story.publish("e-2"), "e-2");
    assert.deepEqual(story.broken(), ["false: not subscribed, and gets"]);
  });

  it("leaves it open how a subscribe and an unsubscribe end that were sent together", () => {
    story.open("ann", ["news"]);
    for (const change of ["subscribe", "unsubscribe"] as const) {
      story.model.asks("ann", change, "news");
    }
    for (const change of ["subscribe", "unsubscribe"] as const) {
      story.model.answered("ann", change, "news", "done");
    }
    story.publish("e-1");
    story.get("ann", story.publish("e-2"), "e-2");
    assert.deepEqual(story.broken(), []);
  });

  it("finds a message that is not what was sent, or comes as another channel's", () => {
    story.open("ann", ["news", "sport"]);
    const first = story.publish("e-1");
    story.get("ann", first, "e-1", "more").get("ann", { ...first, channel: "sport" }, "e-1");
    assert.deepEqual(story.broken(), ["false: another content", "false: another channel"]);
  });

  it("finds two messages under one id, and one message under two", () => {
    story.open("ann", ["news"]);
    const first = story.publish("e-1");
    const second = story.publish("e-1");
    story.get("ann", first, "e-1").get("ann", second, "e-1").get("ann", second, "e-2");
    assert.deepEqual(story.broken().sort(), [
      "false: one id, two messages",
      "false: one message, two ids",
    ]);
  });

  it("finds different answers to one key, and grants an attempt without an answer an id of its own", () => {
    story.open("ann", ["news"]);
    const first = story.fail();
    story.get("ann", first, "e-1").get("ann", story.publish("e-2", first), "e-2");
    assert.deepEqual(story.broken(), []);
    story.publish("e-3", first);
    assert.deepEqual(story.broken(), ["false: different answers to one key"]);
  });
});
