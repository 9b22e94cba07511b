import assert from "node:assert/strict";
import { DeleteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { setImmediate } from "node:timers/promises";
import { publisher } from "../../client/http.ts";
import { connect, type Channels } from "../../client/index.ts";
import {
  subscribePrefix,
  type Message,
  type Prefix,
  type PrefixGap,
  type PrefixOptions,
  type PrefixSubscription,
} from "../../client/prefix.ts";
import { inGroups } from "../../handlers/store/groups.ts";
import { channelKey } from "../../handlers/store/keys.ts";
import { readFaults } from "../../local/cli/read-faults.ts";
import { seeded } from "../faults/faulty.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { request } from "../support/transcript.ts";
import { clientWith, ManualTimers } from "./manual-timers.ts";
import { assertEachOnce, assertInOrder, socketClass, TestSocket } from "./support.ts";

const config = { prefixSubscriptions: "true" };

describe("a subscription to a prefix", function () {
  this.timeout(120_000);
  const open = new Set<PrefixSubscription | Channels>();
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack({ config });
  });
  afterEach(() => {
    for (const one of open) one.close();
    open.clear();
  });
  after(() => stack.close());

  const publish = async (channel: string, text: string) => {
    const answer = await request(stack.httpUrl, `POST /channels/${channel}/messages`, text);
    return ((await answer.json()) as { id: string }).id;
  };
  /** Ends a channel, as DynamoDB does once nobody has used it for long. */
  const forget = async (channel: string) => {
    const { dynamoDb, outputs } = stack;
    const client = new DynamoDBClient(dynamoDb);
    const TableName = String(outputs.tableName);
    await client.send(new DeleteItemCommand({ TableName, Key: channelKey(channel) }));
    client.destroy();
  };
  /** Subscribes; `until` waits for a message or a gap after which something is so. */
  const subscribe = (
    prefix: Prefix,
    options: PrefixOptions = {},
    { how = subscribePrefix, query = "" } = {},
  ) => {
    const { Class: WebSocket, sockets } = socketClass();
    const changes = new EventTarget();
    const messages: Message[] = [];
    const gaps: PrefixGap[] = [];
    const subscription = how(stack.websocketUrl + query, prefix, {
      ...{ WebSocket, retryMilliseconds: [1, 10], ...options },
      onMessage(message) {
        messages.push(message);
        changes.dispatchEvent(new Event("change"));
      },
      onGap(gap) {
        gaps.push(gap);
        changes.dispatchEvent(new Event("change"));
      },
    });
    open.add(subscription);
    const until = async (isSo: () => boolean) => {
      while (!isSo()) {
        await new Promise((resolve) => {
          changes.addEventListener("change", resolve, { once: true });
        });
      }
    };
    const texts = () => messages.map(({ channel, data }) => `${channel} ${data as string}`);
    return { subscription, sockets, messages, gaps, until, texts };
  };

  it("gives each message of its channel and of those below, and no other, as a callback and as an iterable", async () => {
    await publish("orders:old", "before");
    const { subscription, texts, gaps, until } = subscribe(
      "orders:*",
      {},
      { query: "?channel=ordersx" },
    );
    assert.deepEqual([subscription.prefix, subscription.state], ["orders:*", "connecting"]);
    await subscription.ready;
    assert.equal(subscription.state, "connected");
    const read: unknown[] = [];
    const reading = (async () => {
      for await (const { channel, data } of subscription) read.push(`${channel} ${data as string}`);
    })();
    const ids = [await publish("orders", "1"), await publish("orders:eu", "1")];
    for (const other of ["ordersx", "order", "news:orders"]) await publish(other, "other");
    ids.push(await publish("orders:eu:42", "1"), await publish("orders:old", "2"));
    const lastId = await publish("orders:eu", "2");
    await until(() => texts().length >= 5);
    assert.deepEqual(texts(), [
      "orders 1",
      "orders:eu 1",
      "orders:eu:42 1",
      "orders:old 2",
      "orders:eu 2",
    ]);
    const [top, , deep, old] = ids;
    assert.deepEqual(subscription.last, {
      ...{ orders: top, "orders:eu": lastId },
      ...{ "orders:eu:42": deep, "orders:old": old },
    });
    assert.deepEqual(gaps, []);
    subscription.close();
    await assert.rejects(reading, { code: "closed" });
    assert.deepEqual(read, texts());
    assert.equal(subscription.state, "closed");
  });

  it("resumes from the last ids of one before", async () => {
    const before = subscribe("resumed:*");
    await before.subscription.ready;
    await publish("resumed:eu", "1");
    await publish("resumed:us", "1");
    await before.until(() => before.messages.length === 2);
    const { last } = before.subscription;
    before.subscription.close();
    await publish("resumed:eu", "2");
    await publish("resumed:new", "1");
    const after = subscribe("resumed:*", { since: last });
    await after.subscription.ready;
    await publish("resumed:us", "2");
    await after.until(() => after.messages.length === 3);
    assert.deepEqual(after.texts().sort(), ["resumed:eu 2", "resumed:new 1", "resumed:us 2"]);
    const all = subscribe("resumed:*", { since: null });
    await all.until(() => all.messages.length === 5);
    assert.deepEqual([after.gaps, all.gaps], [[], []]);
  });

  it("tells of a hole with its channel", async () => {
    const id = await publish("holes:eu", "1");
    const since = { "holes:eu": id.replace(/^...../, "other") };
    const { subscription, gaps, until } = subscribe("holes:*", { since });
    await subscription.ready;
    await until(() => gaps.length === 1);
    assert.deepEqual(gaps, [
      { channel: "holes:eu", after: since["holes:eu"], before: id.replace(/1$/, "2") },
    ]);
  });

  it("says that it cannot be sure after a cut where there are more than 100 channels, misses none that it knows, and gives nothing of before where there are fewer again", async () => {
    const numbers = Array.from({ length: 112 }, (_, number) => number);
    const publishEach = (some: number[], data: string) =>
      Promise.all(
        inGroups(some, 10).map((group) =>
          publisher(stack.httpUrl).publishAll(
            group.map((number) => ({ channel: `many:${number}`, data })),
          ),
        ),
      );
    await publishEach(numbers, "before");
    let opens = 0;
    const asked: number[] = [];
    const gate: { open?: () => void } = {};
    const opened = new Promise<void>((resolve) => (gate.open = resolve));
    const sockets = new Set<TestSocket>();
    class Asking extends TestSocket {
      override send(frame: string): void {
        sockets.add(this);
        const { since } = JSON.parse(frame) as { since?: object };
        if (since) asked.push(Object.keys(since).length);
        super.send(frame);
      }
    }
    const { subscription, texts, gaps, messages, until } = subscribe("many:*", {
      WebSocket: Asking,
      async token() {
        if (++opens > 1) await opened;
        return "";
      },
    });
    await subscription.ready;
    // It has sent no ids, and hears of each channel now.
    assert.deepEqual([gaps, asked, subscription.last], [[], [], {}]);
    const known = numbers.slice(8);
    await publishEach(known, "first");
    await until(() => messages.length === known.length);
    for (const socket of sockets) socket.terminate();
    await publishEach(numbers, "missed");
    gate.open?.();
    await until(() => messages.length === 2 * known.length && gaps.length > 0);
    await publish("many:0", "new");
    await until(() => messages.length > 2 * known.length);
    assert.deepEqual(gaps, [{ channel: null, after: null, before: null }]);
    assert.deepEqual(asked, [100, 4]);
    assert.deepEqual(
      texts().sort(),
      [
        "many:0 new",
        ...known.flatMap((number) => [`many:${number} first`, `many:${number} missed`]),
      ].sort(),
    );

    const [ended, before] = [known.slice(-13), messages.length];
    for (const number of ended) await forget(`many:${number}`);
    for (const socket of sockets) socket.terminate();
    await until(() => gaps.length > ended.length);
    await publish("many:1", "new");
    await until(() => messages.length > before);
    assert.deepEqual(texts().slice(before), ["many:1 new"]);
    assert.deepEqual(gaps[1], { channel: null, after: null, before: null });
  });

  it("is over where the stack refuses it, and says why", async () => {
    const { subscription } = subscribe("no spaces:*");
    const reading = subscription[Symbol.asyncIterator]().next();
    await assert.rejects(subscription.ready, { name: "Error", code: "invalid-channel" });
    await assert.rejects(reading, { code: "invalid-channel" });
    assert.equal(subscription.state, "failed");
    assert.match(String(subscription.error), /A prefix is a channel's name/);
  });

  it("moves to the next connection, and gets each message once and in order", async () => {
    const timers = new ManualTimers();
    const module = await clientWith<{ subscribePrefix: typeof subscribePrefix }>(timers, "prefix");
    const { Class: WebSocket, sockets } = socketClass();
    const { subscription, texts, gaps } = subscribe(
      "moves:*",
      { WebSocket, pingMilliseconds: 1e9 },
      { how: module.subscribePrefix },
    );
    await subscription.ready;
    const expected: string[] = [];
    const publishAll = async () => {
      const number = expected.length;
      for (const channel of ["moves", "moves:eu", `moves:${number}`]) {
        expected.push(`${channel} ${number}`);
        await publish(channel, String(number));
      }
    };
    for (let move = 0; move < 5; move++) {
      const [former] = sockets;
      timers.advance(7_200_000 - 300_000);
      while (sockets.size < 2 && former && sockets.has(former)) {
        timers.advance(10_000);
        await setImmediate();
      }
      do {
        timers.advance(1);
        await publishAll();
      } while (former && sockets.has(former));
    }
    while (texts().length < expected.length) await setImmediate();
    assert.deepEqual(texts(), expected);
    assert.deepEqual([gaps, subscription.state], [[], "connected"]);
  });
});

describe("a subscription to a prefix that is cut", function () {
  this.timeout(120_000);
  const messages = 300;
  const cuts = 15;
  const random = seeded(1);
  const clients: { close(): void }[] = [];
  const sockets = new Set<CutSocket>();
  let stack: TestStack;
  let resumesCut = 0;

  /** A socket that is cut in every fourth resume, as soon as that has brought a frame. */
  class CutSocket extends TestSocket {
    static resumes = 0;

    constructor(url: string, protocols: string[]) {
      super(url, protocols);
      sockets.add(this);
      this.on("close", () => sockets.delete(this));
    }

    override send(frame: string): void {
      super.send(frame);
      if (!frame.includes('"since":{') || CutSocket.resumes++ % 4 > 0 || resumesCut >= cuts) return;
      this.once("message", () => {
        resumesCut += 1;
        this.terminate();
      });
    }
  }

  before(async () => {
    const faults = readFaults(["post:429:3%", "post:500:1%", "dynamodb:throttle:1%"], random);
    stack = await startTestStack({ config, faults });
  });
  after(async () => {
    for (const client of clients) client.close();
    await stack.close();
  });

  it(`gets each of ${messages} messages once, and in order in its channel, also of channels that came up meanwhile`, async () => {
    const retryMilliseconds = [20, 100] as const;
    const received: Message[] = [];
    const gaps: PrefixGap[] = [];
    let onAll!: () => void;
    const all = new Promise<void>((resolve) => (onAll = resolve));
    const subscription = subscribePrefix(stack.websocketUrl, "orders:*", {
      ...{ WebSocket: CutSocket, retryMilliseconds, orderMilliseconds: 600_000 },
      onMessage(message) {
        if (received.push(message) === messages) onAll();
      },
      onGap: (gap) => gaps.push(gap),
    });
    clients.push(subscription);
    await subscription.ready;

    const channels = ["orders", "orders:eu"];
    let published = 0;
    const publishAll = async (publisher: Channels) => {
      while (published < messages) {
        const number = published++;
        if (number % (messages / cuts) === 0) {
          for (const socket of sockets) socket.terminate();
          channels.push(`orders:${number}`);
        }
        const at = number % 4 === 0 ? -1 : Math.floor(random() * channels.length);
        await publisher.publish(channels.at(at) ?? "", number);
      }
    };
    const publishers = [1, 2, 3].map(() => {
      const { Class: WebSocket } = socketClass();
      return connect(stack.websocketUrl, { WebSocket, retryMilliseconds });
    });
    clients.push(...publishers);
    await Promise.all(publishers.map(publishAll));
    await all;
    assert.deepEqual(gaps, []);
    assert.ok(resumesCut > 0);
    for (const channel of channels) {
      assertInOrder(received.filter((message) => message.channel === channel));
    }
    assertEachOnce(received, messages);
  });
});
