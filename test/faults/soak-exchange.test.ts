import assert from "node:assert/strict";
import { Exchange } from "./soak/exchange.ts";
import { Model } from "./soak/model.ts";

describe("the soak's exchange", () => {
  it("has both answers where an unsubscribe has the last word over a subscribe", async () => {
    const model = new Model();
    model.connecting("ann", "channels.v1", ["test"]);
    model.opened("ann");
    const exchange = new Exchange(model, "ann");
    exchange.frame({ action: "subscribe", channel: "news", since: undefined }, () => undefined);
    exchange.frame({ action: "unsubscribe", channel: "news" }, () => undefined);
    const unsubscribed = { type: "unsubscribed", channel: "news", revision: 3 };
    exchange.take(unsubscribed);
    assert.equal(await Promise.race([exchange.done, Promise.resolve("open")]), "open");
    exchange.take(unsubscribed);
    await exchange.done;
    assert.deepEqual(model.client("ann").subscribed, []);
  });

  it("does not guess which of two subscribes the unsubscribe between them has taken back", async () => {
    const model = new Model();
    model.connecting("ann", "channels.v1", ["test"]);
    model.opened("ann");
    const exchange = new Exchange(model, "ann");
    const subscribe = { action: "subscribe", channel: "news" } as const;
    exchange.frame({ ...subscribe, since: undefined }, () => undefined);
    exchange.frame({ action: "unsubscribe", channel: "news" }, () => undefined);
    exchange.frame({ ...subscribe, since: "last" }, () => "k3f9x2-1");
    const unsubscribed = { type: "unsubscribed", channel: "news", revision: 3 };
    exchange.take(unsubscribed);
    exchange.take(unsubscribed);
    assert.equal(await Promise.race([exchange.done, Promise.resolve("open")]), "open");
    exchange.take({ type: "subscribed", channel: "news", last: "k3f9x2-1", revision: 4 });
    await exchange.done;
    assert.equal(model.client("ann").subscribed.length, 1);
  });
});
