import assert from "node:assert/strict";
import { publisher } from "../../client/http.ts";
import { Client } from "../support/client.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

describe("a publisher over HTTP", () => {
  let stack: TestStack;
  let subscriber: Client;
  before(async () => {
    stack = await startTestStack();
    subscriber = await Client.connect(`${stack.websocketUrl}?channel=news`);
  });
  after(() => stack.close());

  it("publishes text as text and all else as JSON, and gives the stack's answer", async () => {
    const { publish } = publisher(stack.httpUrl);
    const { channel, delivered, pending } = await publish("news", "hello");
    assert.deepEqual(
      { channel, delivered, pending },
      { channel: "news", delivered: 1, pending: 0 },
    );
    await publish("news", { price: 3 });
    assert.deepEqual(await subscriber.take(2), ["hello", '{"price":3}']);
  });

  it("publishes once, also where the answer is lost", async () => {
    let requests = 0;
    const { publish } = publisher(stack.httpUrl, {
      async fetch(url, init) {
        const response = await fetch(url, init);
        if (++requests < 3) throw new TypeError("fetch failed");
        return response;
      },
    });
    const { id } = await publish("news", "once");
    assert.equal(requests, 3);
    assert.equal(await subscriber.next(), "once");
    const { id: next } = await publish("news", "then");
    assert.equal(Number(next.split("-")[1]), Number(id.split("-")[1]) + 1);
    assert.equal(await subscriber.next(), "then");
  });

  it("rejects what the stack refuses at once, and what does not get through after its tries", async () => {
    let requests = 0;
    const counted = publisher(stack.httpUrl, {
      fetch(url, init) {
        requests += 1;
        return fetch(url, init);
      },
    });
    await assert.rejects(counted.publish("no spaces", "1"), { code: "invalid-channel" });
    assert.equal(requests, 1);
    const lost = publisher(stack.httpUrl, {
      ...{ fetch: () => Promise.reject(new TypeError("fetch failed")), tries: 2 },
    });
    await assert.rejects(lost.publish("news", "1"), { code: "lost", message: /in 2 tries/ });
  });
});
