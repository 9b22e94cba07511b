import assert from "node:assert/strict";
import { ChannelsError, publisher } from "../../client/http.ts";
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

  it("leaves out the connection that a publish excludes", async () => {
    const listing = await fetch(`${stack.httpUrl}channels/news/connections`);
    const { connections } = (await listing.json()) as { connections: { connectionId: string }[] };
    const { publish } = publisher(stack.httpUrl);
    const exclude = connections[0]?.connectionId;
    assert.equal((await publish("news", "for others", { exclude })).delivered, 0);
    assert.equal((await publish("news", "for all")).delivered, 1);
    assert.equal(await subscriber.next(), "for all");
  });

  it("publishes several at once, in order, and says what became of each", async () => {
    const { publishAll } = publisher(stack.httpUrl);
    const results = await publishAll([
      { channel: "news", data: "one" },
      { channel: "no spaces", data: "x" },
      { channel: "news", data: { two: 2 } },
    ]);
    assert.deepEqual(await subscriber.take(2), ["one", '{"two":2}']);
    const [first, second, third] = results;
    assert.ok(first && "id" in first && third && "id" in third);
    assert.ok(second instanceof ChannelsError && second.code === "invalid-channel");
    await assert.rejects(publishAll([]), { code: "invalid-messages" });
  });

  it("publishes several once each, also where one fails or the answer is lost", async () => {
    let requests = 0;
    const failed = { status: 500, code: "internal", detail: "Try again." };
    const { publishAll } = publisher(stack.httpUrl, {
      async fetch(url, init) {
        const response = await fetch(url, init);
        requests += 1;
        if (requests === 1) throw new TypeError("fetch failed");
        const { results } = (await response.json()) as { results: object[] };
        const seen = requests === 2 ? [results[0], failed] : results;
        return Response.json({ results: seen }, { status: requests === 2 ? 207 : 200 });
      },
    });
    const both = ["a", "b"].map((data) => ({ channel: "news", data }));
    const results = await publishAll(both);
    assert.equal(requests, 3);
    assert.ok(results.every((result) => "id" in result));
    assert.deepEqual(await subscriber.take(2), ["a", "b"]);
    assert.deepEqual(subscriber.unread, []);
  });

  it("gives the error of a message that fails each time, and the answers of the others", async () => {
    const failed = { status: 500, code: "internal", detail: "Try again." };
    const { publishAll } = publisher(stack.httpUrl, {
      ...{
        tries: 2,
        fetch: () => Promise.resolve(Response.json({ results: [{ id: "1" }, failed] })),
      },
    });
    const [first, second] = await publishAll([
      { channel: "a", data: 1 },
      { channel: "b", data: 2 },
    ]);
    assert.deepEqual(first, { id: "1" });
    assert.ok(second instanceof ChannelsError && second.code === "internal");
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
