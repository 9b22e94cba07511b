import assert from "node:assert/strict";
import { dispatch, type DispatchOptions } from "../../../../handlers/delivery/dispatch.ts";
import { batchWrite } from "../../../../handlers/store/batch-write.ts";
import { subscriptionKey } from "../../../../handlers/store/keys.ts";
import type { Subscriber } from "../../../../handlers/store/subscribers.ts";
import { newId } from "../../../../local/websocket/id.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { PassingClock } from "../../../support/passing-clock.ts";
import { recordedSystem, type StatusOf } from "../../../support/recorded-system.ts";

const message = {
  ...{ channel: "news", epoch: "k3f9x2", sequence: 42, text: "hello", isJson: false },
  time: "2026-11-22T10:00:00.000Z",
};

describe("a message that is dispatched", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  let unreached: string[][];
  let untried: string[][];
  before(async () => {
    channels = await openChannelTable({ clock });
  });
  after(() => channels.close());
  beforeEach(() => {
    [unreached, untried] = [[], []];
  });

  const subscriber = async (changes: Partial<Subscriber> = {}): Promise<Subscriber> => ({
    ...(await connected(channels.table, ["news", "sport"], changes)),
    shardKey: "news#0",
  });
  const subscribers = (count: number) =>
    Promise.all(Array.from({ length: count }, () => subscriber()));
  const idOf = ({ connectionId }: Subscriber) => connectionId;
  const run = (to: Subscriber[], statusOf?: StatusOf, options: Partial<DispatchOptions> = {}) => {
    const { system, asked } = recordedSystem(channels.table, statusOf);
    const dispatched = dispatch(system, message, to, {
      until: clock.now() + 60_000,
      onUnreached: (some, reason) =>
        Promise.resolve(void unreached.push([reason, ...some.map(idOf)])),
      onUntried: (some) => Promise.resolve(void untried.push(some.map(idOf))),
      ...options,
    });
    return { dispatched, asked };
  };

  it("comes to each subscriber in its protocol", async () => {
    const [plain, json] = [await subscriber(), await subscriber({ protocol: "channels.v1" })];
    const { dispatched, asked } = run([plain, json]);
    assert.deepEqual(await dispatched, { delivered: 2, gone: 0, queued: 0 });
    const frame = `{"type":"message","channel":"news","id":"k3f9x2-42","data":"hello","time":"${message.time}"}`;
    assert.deepEqual(asked, [`POST ${idOf(plain)} hello`, `POST ${idOf(json)} ${frame}`]);
    assert.deepEqual([unreached, untried], [[], []]);
  });

  it("hands on whom it has not reached by the reason of each", async () => {
    const all = await subscribers(4);
    const busy = new Set(all.slice(2).map(idOf));
    const { dispatched } = run(all, (id) => (busy.has(id) ? 429 : 503));
    assert.deepEqual(await dispatched, { delivered: 0, gone: 0, queued: 4 });
    const byReason = Object.fromEntries(
      unreached.map(([reason = "", ...ids]) => [reason, ids.sort()]),
    );
    assert.deepEqual(byReason, {
      "status 503": all.slice(0, 2).map(idOf).sort(),
      "status 429": [...busy].sort(),
    });
  });

  it("removes whoever is gone from all of its channels, and nobody else", async () => {
    const all = await subscribers(28);
    const isGone = new Set(all.slice(2).map(idOf));
    const { dispatched } = run(all, (id) => (isGone.has(id) ? 410 : 200));
    assert.deepEqual(await dispatched, { delivered: 2, gone: 26, queued: 0 });
    const items = await channels.items();
    for (const id of all.map(idOf)) {
      const own = items.filter((item) => item.includes(id));
      assert.equal(own.length, isGone.has(id) ? 0 : 3);
    }
  });

  it("removes the subscription of a connection that has no item of its own any more", async () => {
    const orphan = { ...(await subscriber()), connectionId: newId() };
    const Item = subscriptionKey(orphan.shardKey, idOf(orphan));
    await batchWrite(channels.table, [{ PutRequest: { Item } }]);
    assert.equal((await channels.items(idOf(orphan))).length, 1);
    const { dispatched } = run([orphan], () => 400);
    assert.deepEqual(await dispatched, { delivered: 0, gone: 1, queued: 0 });
    assert.deepEqual(await channels.items(idOf(orphan)), []);
  });

  it("leaves whom it does not reach to be tried again, with the reason, and keeps them", async () => {
    const [one, other] = [await subscriber(), await subscriber()];
    const { dispatched } = run([one, other], (id) => (id === idOf(one) ? 429 : 200));
    assert.deepEqual(await dispatched, { delivered: 1, gone: 0, queued: 1 });
    assert.deepEqual([unreached, untried], [[["status 429", idOf(one)]], []]);
    assert.equal((await channels.items(idOf(one))).length, 3);
  });

  it("leaves as many at a time as a job has, and tells for whom there was no time", async () => {
    const one = await subscriber();
    const many = Array.from({ length: 401 }, () => one);
    const { dispatched, asked } = run(many, undefined, { until: clock.now() });
    assert.deepEqual(await dispatched, { delivered: 0, gone: 0, queued: 401 });
    assert.deepEqual(asked, []);
    assert.deepEqual(unreached, []);
    const sizes = (batches: string[][]) => batches.map((ids) => ids.length);
    assert.deepEqual(sizes(untried), [400, 1]);

    assert.equal((await run(many, () => 429).dispatched).queued, 401);
    assert.deepEqual(sizes(unreached), [401, 2]);
  });

  it("leaves who may still be connecting, and keeps it", async () => {
    const young = await subscriber({ connectedAt: clock.now() });
    const { dispatched } = run([young], () => 410);
    assert.deepEqual(await dispatched, { delivered: 0, gone: 0, queued: 1 });
    assert.deepEqual(unreached, [["status 410", idOf(young)]]);
    assert.equal((await channels.items(idOf(young))).length, 3);
  });

  it("has no more posts under way than it may", async () => {
    const to = await subscribers(7);
    const { system } = recordedSystem(channels.table);
    const nobody = () => Promise.reject(new Error("everybody was reached"));
    let [underWay, most] = [0, 0];
    system.connections.post = async () => {
      most = Math.max(most, (underWay += 1));
      await new Promise(setImmediate);
      underWay -= 1;
      return 200;
    };
    for (const concurrency of [3, undefined]) {
      most = 0;
      await dispatch(system, message, to, {
        ...{ until: clock.now() + 60_000, ...(concurrency && { concurrency }) },
        ...{ onUnreached: nobody, onUntried: nobody },
      });
      assert.equal(most, concurrency ?? 7);
    }
  });

  it("fails where whom it leaves is not taken", async () => {
    const refuse = () => Promise.reject(new Error("queue closed"));
    const tried = run([await subscriber()], () => 500, { onUnreached: refuse });
    await assert.rejects(tried.dispatched, new Error("queue closed"));
    const late = { until: clock.now(), onUntried: refuse };
    await assert.rejects(
      run([await subscriber()], undefined, late).dispatched,
      new Error("queue closed"),
    );
  });

  it("fails where it may not post at all, and removes nobody", async () => {
    const one = await subscriber();
    await assert.rejects(run([one], () => 403).dispatched, { name: "PostForbidden" });
    assert.equal((await channels.items(idOf(one))).length, 3);
  });
});
