import assert from "node:assert/strict";
import { fanoutJobs } from "../support/fanout-jobs.ts";
import { seeded } from "../faults/faulty.ts";
import { Client } from "../support/client.ts";
import { figuresIn } from "../support/measured.ts";
import { behindClock } from "../support/old-connections.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

const publishes = 12;

describe("the figures of a stack under faults", function () {
  this.timeout(120_000);
  const random = seeded(23);
  const queued = fanoutJobs();
  /** Connections to which every post is answered with 410, though they are open. */
  const goneIds = new Set<string>();
  let isFaulty = false;
  let gone = 0;
  let lost = 0;
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack({
      clock: behindClock,
      config: { inlineRecipients: "10" },
      faults: {
        post(connectionId) {
          if (!isFaulty) return undefined;
          if (goneIds.has(connectionId)) {
            gone += 1;
            return 410;
          }
          const chance = random();
          return chance < 0.1 ? 429 : chance < 0.15 ? 500 : undefined;
        },
        dynamodb: () => (isFaulty && random() < 0.03 ? { type: "ThrottlingException" } : undefined),
        disconnect: () => ++lost <= 3,
        instance: queued.instance,
      },
      adjust: (description) => ({
        ...description,
        functions: description.functions.map((fn) => ({
          ...fn,
          environment: { ...fn.environment, AWS_MAX_ATTEMPTS: "100" },
        })),
      }),
    });
  });
  after(() => stack.close());

  const turn = () => new Promise(setImmediate);
  const logged = async (message: string, count: number) => {
    const of = () => stack.logs.filter((line) => line.includes(`"message":"${message}"`)).length;
    while (of() < count) await turn();
  };

  it("are what its clients have got and its faults have done, to the last one", async () => {
    const { websocketUrl, httpUrl } = stack;
    const connect = () => Client.connect(`${websocketUrl}?channel=news`, ["channels.v1"]);
    const clients = await Promise.all(Array.from({ length: 40 }, connect));
    const tooMany = Array.from({ length: 101 }, (_, index) => `channel=c${index}`).join("&");
    for (const [query, status] of [
      ["channel=!", /400/],
      ["channel=%20", /400/],
      [tooMany, /409/],
    ] as const) {
      await assert.rejects(Client.connect(`${websocketUrl}?${query}`), status);
    }
    const entries = (await stack.items()).filter((item) => item.startsWith("connection#"));
    for (const item of entries.slice(0, 5)) goneIds.add(/#(\S+)/.exec(item)?.[1] ?? "");

    isFaulty = true;
    let inline = 0;
    const publish = async (text: string) => {
      const url = `${httpUrl}channels/news/messages`;
      const response = await fetch(url, { method: "POST", body: text });
      assert.ok(response.ok);
      inline += ((await response.json()) as { delivered: number }).delivered;
    };
    for (let count = 0; count < publishes; count++) await publish(`message ${count}`);
    await stack.queues.idle();
    isFaulty = false;

    // The ends of the first three are lost, and the next publish finds them gone.
    const leaving = clients.filter(({ unread }) => unread.length > 0).slice(0, 9);
    for (const client of leaving) await client.close();
    await logged("Disconnected", 6);
    await publish("the last");
    await stack.queues.idle();
    await logged("Published", publishes + 1);
    await logged("Job done", queued.jobs());

    // Who has the answer to a later frame has all that was posted before.
    for (const client of clients.filter((one) => !leaving.includes(one))) {
      client.send({ action: "ping" });
      while (!client.unread.some((frame) => frame.includes('"pong"'))) await turn();
    }
    let delivered = 0;
    for (const { unread } of clients) {
      const messages = unread.filter((frame) => frame.includes('"type":"message"'));
      delivered += new Set(messages.map((frame) => /"id":"([^"]+)"/.exec(frame)?.[1])).size;
    }
    assert.equal(delivered, 35 * publishes + 26);
    const ended = goneIds.size + leaving.length;
    const { metrics } = stack;
    assert.deepEqual(figuresIn(metrics, ["MessagesPublished", "Deliveries", "Gone"]), {
      MessagesPublished: publishes + 1,
      Deliveries: delivered,
      Gone: gone + 3,
    });
    assert.deepEqual(figuresIn(metrics, ["Queued", "GivenUp"]), {
      Queued: queued.deliveries(),
      GivenUp: 0,
    });
    assert.deepEqual(
      figuresIn(metrics, ["PublishLatency", "QueuedDeliveryLatency"], "SampleCount"),
      { PublishLatency: publishes + 1, QueuedDeliveryLatency: delivered - inline },
    );
    assert.deepEqual(
      figuresIn(metrics, ["ConnectionsOpened", "ConnectionsClosed", "ConnectionsEnded"]),
      { ConnectionsOpened: 40, ConnectionsClosed: ended, ConnectionsEnded: ended },
    );
    const refusedFor = (reason: string) =>
      metrics.statistic(
        {
          ...{ namespace: "websocket-channels", name: "HandshakesRefused" },
          dimensions: { stack: "staging", reason },
        },
        "Sum",
        { start: 0, end: Infinity },
      );
    assert.deepEqual(["invalid-channel", "too-many-channels"].map(refusedFor), [2, 1]);
    assert.deepEqual(figuresIn(metrics, ["HandshakesRefused"]), { HandshakesRefused: 3 });
  });
});
