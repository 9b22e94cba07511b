import assert from "node:assert/strict";
import {
  PostForbidden,
  deliver,
  type DeliveryOptions,
} from "../../../../handlers/delivery/engine.ts";
import type { Subscriber } from "../../../../handlers/store/subscriber.ts";
import { ManualClock } from "../../../../local/shared/clock.ts";

const frames = { plain: "hello", "channels.v1": '{"data":"hello"}' };
const hour = 3_600_000;

describe("a delivery", () => {
  let clock: ManualClock;
  let gone: string[];
  let left: string[];
  beforeEach(() => {
    clock = new ManualClock();
    gone = [];
    left = [];
  });

  const subscriber = (connectionId: string, age = hour): Subscriber => ({
    connectionId,
    protocol: "plain",
    connectedAt: clock.now() - age,
    expiresAt: Math.floor(clock.now() / 1000) + 60,
    shardKey: "test#0",
  });

  /** Delivers, and moves the clock whenever all subscribers wait for it. */
  async function run(
    subscribers: Subscriber[],
    post: DeliveryOptions["post"],
    options: Partial<DeliveryOptions> = {},
  ): Promise<number> {
    const state = { isDone: false };
    const delivery = deliver(subscribers, frames, {
      post,
      clock,
      concurrency: 4,
      until: clock.now() + 10_000,
      ...options,
    }).finally(() => (state.isDone = true));
    delivery.catch(() => undefined);
    while (!state.isDone) {
      await new Promise(setImmediate);
      clock.advance(50);
    }
    const result = await delivery;
    gone = result.gone.map(({ connectionId }) => connectionId);
    left = result.left.map(
      ({ subscriber: { connectionId }, reason, isTried }) =>
        `${connectionId}: ${reason}${isTried ? "" : ", not tried"}`,
    );
    return result.delivered;
  }

  /** Answers each connection with its statuses in turn, then with 200. */
  const answering = (statuses: Record<string, (number | Error)[]>): DeliveryOptions["post"] => {
    return (connectionId) => {
      const status = statuses[connectionId]?.shift() ?? 200;
      return typeof status === "number" ? Promise.resolve(status) : Promise.reject(status);
    };
  };

  it("posts the frame of each subscriber's protocol", async () => {
    const posted: string[] = [];
    const json = { ...subscriber("b"), protocol: "channels.v1" } as const;
    const delivered = await run([subscriber("a"), json], (connectionId, { body }) => {
      posted.push(`${connectionId} ${body.toString()}`);
      return Promise.resolve(200);
    });
    assert.equal(delivered, 2);
    assert.deepEqual(posted, ["a hello", 'b {"data":"hello"}']);
  });

  it("takes 410 of an old connection for its end, at once", async () => {
    assert.equal(await run([subscriber("a"), subscriber("b")], answering({ a: [410] })), 1);
    assert.deepEqual([gone, left], [["a"], []]);
  });

  it("leaves a connection that may still be connecting, and never takes it for gone", async () => {
    const young = [subscriber("a", 0), subscriber("b", 0)];
    const statuses = { a: [410, 410, 410], b: [410, 410, 410, 410] };
    assert.equal(await run(young, answering(statuses)), 1);
    assert.deepEqual([gone, left], [[], ["b: status 410"]]);
  });

  it("takes 400 for the id of no connection", async () => {
    await run([subscriber("a")], answering({ a: [400] }));
    assert.deepEqual([gone, left], [["a"], []]);
  });

  for (const trouble of [429, 500, 503, new Error("socket hang up")]) {
    it(`tries again after ${String(trouble)}, four times in all`, async () => {
      const three = [trouble, trouble, trouble];
      const post = answering({ a: three, b: [...three, trouble] });
      assert.equal(await run([subscriber("a"), subscriber("b")], post), 1);
      const reason = trouble instanceof Error ? "socket hang up" : `status ${trouble}`;
      assert.deepEqual([gone, left], [[], [`b: ${reason}`]]);
    });
  }

  it("says that 403 is a misconfiguration, and stops", async () => {
    let posts = 0;
    const many = Array.from({ length: 100 }, (_, index) => subscriber(String(index)));
    const forbid = () => Promise.resolve((posts++, 403));
    await assert.rejects(run(many, forbid), new PostForbidden());
    assert.ok(posts < 20, String(posts));
  });

  it("leaves to others what it has no time for", async () => {
    const delivered = await run([subscriber("a")], answering({}), { until: clock.now() });
    assert.equal(delivered, 0);
    assert.deepEqual(left, ["a: no time was left, not tried"]);
  });

  it("takes for gone whose subscription has ended while it waited", async () => {
    const ended = { ...subscriber("a"), expiresAt: Math.floor(clock.now() / 1000) };
    assert.equal(await run([ended, subscriber("b")], answering({})), 1);
    assert.deepEqual([gone, left], [["a"], []]);
  });

  it("serves everyone else while one hangs", async () => {
    const many = Array.from({ length: 50 }, (_, index) => subscriber(String(index)));
    let fail: ((reason: Error) => void) | undefined;
    let posted = 0;
    const delivered = await run(many, (connectionId) => {
      posted += 1;
      if (connectionId === "0" && posted === 1) {
        return new Promise((_, reject) => (fail = reject));
      }
      if (posted === 50) fail?.(new Error("no answer"));
      return Promise.resolve(200);
    });
    assert.equal(delivered, 50);
  });

  it("has no more under way than it may", async () => {
    let [underWay, most] = [0, 0];
    const many = Array.from({ length: 1000 }, (_, index) => subscriber(String(index)));
    const post = async () => {
      most = Math.max(most, (underWay += 1));
      await new Promise(setImmediate);
      underWay -= 1;
      return 200;
    };
    assert.equal(await run(many, post, { until: Infinity }), 1000);
    assert.equal(most, 4);
    assert.equal(await run([], post), 0);
  });
});
