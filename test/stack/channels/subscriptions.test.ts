import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { ask, connectAs } from "../../support/transcript.ts";

type Subscribed = { type: string; channel: string; last: string | null; revision: number };

describe("a subscription", () => {
  let stack: TestStack;
  let client: Client;
  let id: string;
  let own: string;
  let tests = 0;
  before(async () => {
    // Small pages let a channel grow with its fourth subscriber.
    stack = await startTestStack({ dynamoDb: { probe: { pageItems: 3 } } });
  });
  beforeEach(async () => {
    own = `own${++tests}`;
    ({ client, id } = await connectAs(stack, `?channel=${own}`, ["channels.v1"]));
  });
  after(() => stack.close());

  const publish = (channel: string) =>
    ask(stack.httpUrl, `POST /channels/${channel}/messages`, "hello");
  const subscribe = (channel: string) => client.ask({ action: "subscribe", channel });
  const shown = (channels: string[]) =>
    '200 application/json {"connectionId":"CONNECTION","protocol":"channels.v1",' +
    `"channels":${JSON.stringify(channels)},"connectedAt":"TIME","lastActiveAt":"TIME",` +
    '"sourceIp":"127.0.0.1"}';

  /** Connects four more clients and publishes a message: the channel is spread over two shards then. */
  async function grow(channel: string): Promise<void> {
    const url = `${stack.websocketUrl}?channel=${channel}`;
    const others = await Promise.all(Array.from({ length: 4 }, () => Client.connect(url)));
    await publish(channel);
    await Promise.all(others.map((other) => other.next()));
  }

  it("to a 101st channel is an error that changes nothing", async () => {
    for (let count = 1; count < 100; count++) {
      assert.match(await subscribe(`channel-${count}`), /"type":"subscribed"/);
    }
    const items = await stack.items();
    assert.equal(
      await subscribe("one-more"),
      '{"type":"error","code":"too-many-channels","message":"A connection can be in 100 channels: unsubscribe from one first."}',
    );
    assert.deepEqual(await stack.items(), items);
    assert.match(await subscribe(own), /"type":"subscribed"/);
    await client.ask({ action: "unsubscribe", channel: own });
    assert.match(await subscribe("one-more"), /"type":"subscribed"/);
  });

  it("to the same channel twice is one", async () => {
    const items = await stack.items();
    for (let times = 0; times < 3; times++) client.send({ action: "subscribe", channel: own });
    const replies = (await client.take(3)).map((reply) => JSON.parse(reply) as Subscribed);
    const revisions = replies.map(({ revision }) => revision).sort((a, b) => a - b);
    const [first = 0] = revisions;
    assert.deepEqual(revisions, [first, first + 1, first + 2]);
    for (const { revision, ...reply } of replies) {
      assert.deepEqual(reply, { type: "subscribed", channel: own, last: null }, String(revision));
    }
    assert.deepEqual(await stack.items(), items);
    assert.match(await publish(own), /"delivered":1,/);
    assert.match(await client.next(), /"data":"hello"/);
    assert.deepEqual(client.unread, []);
  });

  it("to the same channel after it has grown is still one", async () => {
    const slots = async () =>
      (await stack.items()).filter(
        (item) => item.startsWith(`channel#${own}#`) && item.endsWith(id),
      );
    for (let growth = 0; growth < 4; growth++) {
      await grow(own);
      assert.match(await client.next(), /"data":"hello"/);
      assert.match(await subscribe(own), /"type":"subscribed"/);
      assert.equal((await slots()).length, 1);
      assert.equal(await ask(stack.httpUrl, `GET /connections/${id}`), shown([own]));
    }
    assert.match(await publish(own), /"delivered":17,/);
    assert.match(await client.next(), /"data":"hello"/);
    assert.deepEqual(client.unread, []);

    await client.ask({ action: "unsubscribe", channel: own });
    assert.deepEqual(await slots(), []);
    assert.match(await publish(own), /"delivered":16,/);
    assert.deepEqual(client.unread, []);
  });

  it("stays possible in each of 100 channels after one has grown", async () => {
    const channels = Array.from({ length: 100 }, (_, index) => `channel-${index}`);
    const query = channels.map((channel) => `channel=${channel}`).join("&");
    client = await Client.connect(`${stack.websocketUrl}?${query}`, ["channels.v1"]);
    // With each doubling half of all connections get another shard.
    for (let growth = 0; growth < 6; growth++) {
      await grow("channel-0");
      assert.match(await client.next(), /"data":"hello"/);
      assert.match(await subscribe("channel-0"), /"type":"subscribed"/);
    }
  });

  it("that is not there can be ended", async () => {
    const items = await stack.items();
    for (const channel of ["unused", own, own]) {
      assert.match(
        await client.ask({ action: "unsubscribe", channel }),
        /^\{"type":"unsubscribed","channel":"[\w-]+","revision":\d+\}$/,
      );
    }
    assert.deepEqual(
      await stack.items(),
      items.filter((item) => !item.startsWith(`channel#${own}#0 `)),
    );
    assert.match(await publish(own), /"delivered":0,/);
    assert.deepEqual(client.unread, []);
  });

  it("brings a publisher its own message, and one that has none only the answer", async () => {
    assert.match(
      await client.ask({ action: "publish", channel: "other", data: 1 }),
      /^{"type":"published",/,
    );
    assert.match(
      await client.ask({ action: "publish", channel: own, data: 1 }),
      /^{"type":"message",/,
    );
    assert.match(await client.next(), /^{"type":"published",/);
    assert.deepEqual(client.unread, []);
  });
});
