import assert from "node:assert/strict";
import { DeleteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { connect, type Channels, type Gap, type Options } from "../../client/index.ts";
import { inGroups } from "../../handlers/store/groups.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { request } from "../support/transcript.ts";
import { clientWith, ManualTimers } from "./manual-timers.ts";
import { inState, socketClass } from "./support.ts";

describe("a client", () => {
  let stack: TestStack;
  const clients: Channels[] = [];
  const { Class, sockets } = socketClass();
  before(async () => {
    stack = await startTestStack();
  });
  after(async () => {
    for (const client of clients) client.close();
    await stack.close();
  });

  const open = (options: Options = {}) => {
    const client = connect(stack.websocketUrl, {
      ...{ WebSocket: Class, retryMilliseconds: [1, 10] },
      ...options,
    });
    clients.push(client);
    return client;
  };
  const publish = (channel: string, text: string) =>
    request(stack.httpUrl, `POST /channels/${channel}/messages`, text);

  it("is subscribed to what it asks for, and to nothing else", async () => {
    const client = open();
    await client.subscribe("own").ready;
    const items = await stack.items();
    const rows = items.filter((item) => item.startsWith("channel#"));
    assert.deepEqual(
      rows.map((row) => row.replace(/ .*/, "")),
      ["channel#own#0"],
    );
    client.close();
  });

  it("does not get what it publishes itself where its URL says so, and misses nothing else", async () => {
    const client = connect(`${stack.websocketUrl}?echo=false`, { WebSocket: Class });
    clients.push(client);
    const subscription = client.subscribe<string>("quiet");
    await subscription.ready;
    const texts = subscription[Symbol.asyncIterator]();
    const next = texts.next();
    await client.publish("quiet", "early");
    await publish("quiet", "one");
    assert.equal(((await next) as { value: { data: string } }).value.data, "one");
    await client.publish("quiet", "mine");
    await publish("quiet", "two");
    assert.equal(((await texts.next()) as { value: { data: string } }).value.data, "two");
    client.close();
  });

  it("gives each message to every subscription of its channel, as a callback and as an iterable", async () => {
    const client = open();
    const texts: unknown[] = [];
    const news = client.subscribe<string>("news", { onMessage: ({ data }) => texts.push(data) });
    const again = client.subscribe("news");
    const other = client.subscribe("other", { onMessage: () => assert.fail("It is another's.") });
    await Promise.all([news.ready, again.ready, other.ready]);
    const read = async (subscription: AsyncIterable<{ data: unknown }>) => {
      const read: unknown[] = [];
      for await (const { data } of subscription) if (read.push(data) === 2) break;
      return read;
    };
    const reading = [read(news), read(again)];
    const { id } = await news.publish("one");
    await client.publish("news", { two: 2 });
    assert.deepEqual(await Promise.all(reading), [
      ["one", { two: 2 }],
      ["one", { two: 2 }],
    ]);
    assert.deepEqual(texts, ["one", { two: 2 }]);
    assert.match(id, /^[a-z0-9]{6}-1$/);

    news.unsubscribe();
    await publish("news", "three");
    const [three] = await Promise.all([again[Symbol.asyncIterator]().next(), publish("news", "4")]);
    assert.ok(three.done !== true && texts.length === 2);
  });

  it("ends what reads its messages when it is closed", async () => {
    const client = open();
    const news = client.subscribe("ends");
    await news.ready;
    const reading = (async () => {
      for await (const message of news) assert.fail(JSON.stringify(message));
    })();
    client.close();
    await assert.rejects(reading, { code: "closed" });
    await assert.rejects(client.publish("ends", "late"), { code: "closed" });
    await assert.rejects(client.subscribe("ends").ready, { code: "closed" });
    assert.equal(client.state, "closed");
  });

  it("goes on after a callback that throws", async () => {
    const client = open();
    const texts: unknown[] = [];
    const thrown = new Promise((resolve) => {
      process.once("uncaughtException", resolve);
    });
    const listeners = process.listeners("uncaughtException").slice(0, -1);
    for (const listener of listeners) process.off("uncaughtException", listener);
    const news = client.subscribe("throws", {
      onMessage({ data }) {
        texts.push(data);
        if (texts.length === 1) throw new Error("of the application");
      },
    });
    await news.ready;
    await news.publish("one");
    assert.match(String(await thrown), /of the application/);
    for (const listener of listeners) process.on("uncaughtException", listener);
    await news.publish("two");
    assert.deepEqual(texts, ["one", "two"]);
  });

  it("tells of each hole once where what it has missed is no longer kept", async () => {
    const client = open();
    const received: unknown[] = [];
    const gaps: Gap[] = [];
    let onLast!: () => void;
    const last = new Promise<void>((resolve) => (onLast = resolve));
    await publish("holes", "1");
    const { id } = (await (await publish("holes", "2")).json()) as { id: string };
    for (const text of ["3", "4", "5", "6", "7", "8"]) await publish("holes", text);
    const table = new DynamoDBClient(stack.dynamoDb);
    for (const number of [3, 4, 7]) {
      const sk = { S: String(number).padStart(16, "0") };
      const Key = { pk: { S: "messages#holes" }, sk };
      const TableName = String(stack.outputs.tableName);
      await table.send(new DeleteItemCommand({ TableName, Key }));
    }
    table.destroy();
    client.subscribe("holes", {
      since: id,
      onMessage({ data }) {
        received.push(data);
        if (data === "8") onLast();
      },
      onGap: (gap) => gaps.push(gap),
    });
    await last;
    const epoch = id.slice(0, 6);
    assert.deepEqual(received, ["5", "6", "8"]);
    assert.deepEqual(gaps, [
      { after: `${epoch}-2`, before: `${epoch}-5` },
      { after: `${epoch}-6`, before: `${epoch}-8` },
    ]);
  });

  it("resumes from more missed messages than one subscribe replays", async () => {
    const client = open();
    const { id } = (await (await publish("many", "0")).json()) as { id: string };
    const numbers = Array.from({ length: 1_200 }, (_, index) => String(index + 1));
    for (const some of inGroups(numbers, 100)) {
      await Promise.all(some.map((number) => publish("many", number)));
    }
    const received: unknown[] = [];
    await client.subscribe("many", {
      since: id,
      onMessage: ({ data }) => received.push(data),
      onGap: (gap) => assert.fail(JSON.stringify(gap)),
    }).ready;
    await new Promise(setImmediate);
    assert.equal(received.length, numbers.length);
    assert.deepEqual(new Set(received), new Set(numbers));
  });

  it("waits for a connection to publish, or rejects, as it is asked to", async () => {
    const client = open();
    const hasty = open({ waits: false });
    await assert.rejects(hasty.publish("waits", "1"), { code: "lost" });
    await inState(hasty, "connected");
    await hasty.publish("waits", "2");
    for (const socket of sockets) socket.terminate();
    await inState(hasty, "waiting");
    await assert.rejects(hasty.publish("waits", "3"), { code: "lost" });
    await client.publish("waits", "4");
    const { messages } = (await (
      await request(stack.httpUrl, "GET /channels/waits/messages")
    ).json()) as { messages: { data: string }[] };
    assert.deepEqual(
      messages.map(({ data }) => data),
      ["2", "4"],
    );
  });

  it("rejects what the stack refuses, and says why", async () => {
    const client = open();
    await assert.rejects(client.publish("no spaces", "1"), { code: "invalid-channel" });
    await assert.rejects(client.publish("news", undefined), { code: "invalid-data" });
    const refused = client.subscribe("no spaces");
    await assert.rejects(refused.ready, { code: "invalid-channel", message: /letters, digits/ });
    await client.publish("news", "still there");
  });

  it("connects anew where nothing answers its ping: a network that is gone says nothing", async () => {
    const timers = new ManualTimers();
    const { connect } = await clientWith(timers);
    const client = connect(stack.websocketUrl, { WebSocket: Class });
    clients.push(client);
    const news = client.subscribe("pings");
    await news.ready;
    const [socket = assert.fail()] = [...sockets].slice(-1);
    const pong = new Promise((resolve) => socket.once("message", resolve));
    timers.advance(60_000);
    assert.equal(String(await pong), '{"type":"pong","ref":"2"}');
    // Paused, it is as a network that is gone: the frames of the next ping and of its reply are nowhere.
    socket.pause();
    timers.advance(60_000);
    assert.equal(client.state, "connected");
    timers.advance(10_000);
    await inState(client, "waiting");
    socket.terminate();
    timers.advance(1_000);
    await inState(client, "connected");
    assert.equal(sockets.has(socket), false);
  });
});
