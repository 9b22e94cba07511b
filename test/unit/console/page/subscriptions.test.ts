import assert from "node:assert/strict";
import { subscriptions } from "../../../../console/page/subscriptions.ts";

const message = (id: string) => ({ type: "message", channel: "news", id });

describe("what a client of the console knows of its channels", () => {
  it("follows the replies to subscribe and unsubscribe", () => {
    const known = subscriptions(["test"]);
    known.received({ type: "subscribed", channel: "news", last: null });
    assert.deepEqual(known.names(), ["news", "test"]);
    known.received({ type: "unsubscribed", channel: "test" });
    assert.deepEqual(known.names(), ["news"]);
  });

  it("marks as resumed what comes between a subscribe with since and its reply", () => {
    const known = subscriptions(["news"]);
    known.sent({ action: "subscribe", channel: "news", since: "a-1" });
    assert.deepEqual(known.received(message("a-2")), { marks: ["resumed"] });
    known.received({ type: "subscribed", channel: "news", last: "a-2", recovered: true });
    assert.deepEqual(known.received(message("a-3")), { marks: [] });
  });

  it("marks nothing after a resume that was refused, or that ended with the connection", () => {
    for (const end of [
      (known: ReturnType<typeof subscriptions>) =>
        known.received({ type: "error", code: "invalid-since", message: "" }),
      (known: ReturnType<typeof subscriptions>) => {
        known.closed();
      },
    ]) {
      const known = subscriptions(["news"]);
      known.sent({ action: "subscribe", channel: "news", since: "a-1" });
      end(known);
      assert.deepEqual(known.received(message("a-2")), { marks: [] });
    }
  });

  it("marks what is late and what comes again, and says where a gap is", () => {
    const known = subscriptions(["news"]);
    known.received(message("a-1"));
    const gap = known.received(message("a-3"));
    assert.deepEqual([...(gap?.opened?.missing ?? [])], [2]);
    assert.equal(known.resumeFrom("news"), "a-1");
    assert.deepEqual(known.received(message("a-2"))?.marks, ["late"]);
    assert.deepEqual(known.received(message("a-2"))?.marks, ["repeated"]);
    assert.equal(known.resumeFrom("news"), "a-3");
  });

  it("follows the channels of a prefix, each by its own ids, and resumes it by all of these", () => {
    const known = subscriptions([]);
    const of = (channel: string, id: string) => ({ type: "message", channel, id });
    const last = { orders: "a-1", "orders:eu": "b-1" };
    known.received({ type: "subscribed", channel: "orders:*", last });
    assert.deepEqual(known.names(), ["orders:*"]);
    assert.deepEqual(known.received(of("orders:eu", "b-2")), { marks: [] });
    assert.deepEqual([...(known.received(of("orders", "a-3"))?.opened?.missing ?? [])], [2]);
    known.received(of("orders:new", "c-1"));
    assert.deepEqual(known.names(), ["orders:*"]);
    const since = { orders: "a-1", "orders:eu": "b-2", "orders:new": "c-1" };
    assert.deepEqual(known.resumeFrom("orders:*"), since);

    known.sent({ action: "subscribe", channel: "orders:*", since });
    assert.deepEqual(known.received(of("orders", "a-2"))?.marks, ["resumed", "late"]);
    known.received({ type: "subscribed", channel: "orders:*", last: null, recovered: false });
    assert.deepEqual(known.received(of("orders", "a-4"))?.marks, []);
    known.received({ type: "subscribed", channel: "orders:eu", last: "b-2" });
    known.received({ type: "unsubscribed", channel: "orders:*" });
    assert.deepEqual(known.resumeFrom("orders:*"), { "orders:eu": "b-2" });
    assert.deepEqual(known.names(), ["orders:eu"]);
  });
});
