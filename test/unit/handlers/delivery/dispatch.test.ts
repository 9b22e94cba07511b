import assert from "node:assert/strict";
import type { System } from "../../../../handlers/aws/system.ts";
import { dispatch, maxAttempts, type Task } from "../../../../handlers/delivery/dispatch.ts";
import { batchWrite } from "../../../../handlers/store/batch-write.ts";
import { isCounted, publishJob, type Outcome } from "../../../../handlers/store/delivery-report.ts";
import { subscriptionKey } from "../../../../handlers/store/keys.ts";
import type { Range } from "../../../../handlers/store/range.ts";
import type { Subscriber } from "../../../../handlers/store/subscriber.ts";
import { newId } from "../../../../local/websocket/id.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { hookedTable, intercepted } from "../../../support/hooked-table.ts";
import { PassingClock } from "../../../support/passing-clock.ts";
import {
  closedQueue,
  idsIn,
  recordedSystem,
  type Sent,
  type StatusOf,
} from "../../../support/recorded-system.ts";

const message = {
  ...{ channel: "news", epoch: "k3f9x2", sequence: 42, text: "hello", isJson: false },
  time: "2026-11-22T10:00:00.000Z",
};

describe("a message that is dispatched", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  before(async () => {
    channels = await openChannelTable({ clock });
  });
  after(() => channels.close());

  const subscriber = async (changes: Partial<Subscriber> = {}): Promise<Subscriber> => ({
    ...(await connected(channels.table, ["news", "sport"], changes)),
    shardKey: "news#0",
  });
  const subscribers = (count: number) =>
    Promise.all(Array.from({ length: count }, () => subscriber()));
  const idOf = ({ connectionId }: Subscriber) => connectionId;
  const until = () => clock.now() + 60_000;
  let tasks = 0;
  type Options = { until?: number; rest?: Range[]; system?: Partial<System>; task?: Partial<Task> };
  const run = (subscribers: Subscriber[], statusOf?: StatusOf, options: Options = {}) => {
    const recorded = recordedSystem(channels.table, statusOf, options.system);
    const task = { id: `task${(tasks += 1)}`, message, attempt: 0, ...options.task };
    const portion = { subscribers, rest: options.rest ?? [] };
    const outcome = dispatch(recorded.system, task, portion, { until: options.until ?? until() });
    outcome.catch(() => undefined);
    return { ...recorded, outcome, task };
  };
  /** The jobs that were sent, as attempt, reason and connections, sorted. */
  const jobsIn = (sent: Sent[]) =>
    sent
      .flatMap(({ jobs }) => jobs)
      .map((job) => [job.attempt, job.reason, ...idsIn(job).sort()])
      .sort();
  const counts = async (outcome: Promise<Outcome>) => {
    const { delivered, gone, handedOn } = await outcome;
    return [delivered, gone, handedOn.map(({ deliveries }) => deliveries)];
  };

  it("comes to each subscriber in its protocol", async () => {
    const [plain, json] = [await subscriber(), await subscriber({ protocol: "channels.v1" })];
    const { outcome, asked, deliveries } = run([plain, json]);
    assert.deepEqual(await counts(outcome), [2, 0, []]);
    const frame = `{"type":"message","channel":"news","id":"k3f9x2-42","data":"hello","time":"${message.time}"}`;
    assert.deepEqual(asked, [`POST ${idOf(plain)} hello`, `POST ${idOf(json)} ${frame}`]);
    assert.deepEqual(deliveries, []);
  });

  it("leaves out whom it excludes, and its publisher that wants no echo, and counts neither", async () => {
    const [one, excluded, other] = [await subscriber(), await subscriber(), await subscriber()];
    const quiet = await subscriber({ echo: false });
    const gone = [excluded, quiet].map(idOf);
    const task = { message: { ...message, exclude: idOf(excluded), from: idOf(quiet) } };
    const all = [one, excluded, quiet, other];
    const statusOf = (id: string) => (gone.includes(id) ? 410 : id === idOf(other) ? 429 : 200);
    const { outcome, deliveries } = run(all, statusOf, { task });
    assert.deepEqual(await counts(outcome), [1, 0, [1]]);
    assert.deepEqual(jobsIn(deliveries), [[1, "status 429", idOf(other)]]);
    assert.equal((await channels.items(idOf(excluded))).length, 3);
    const late = run(all, undefined, { task, until: clock.now() });
    await late.outcome;
    assert.deepEqual(jobsIn(late.deliveries), [[0, undefined, ...[one, other].map(idOf).sort()]]);
  });

  it("hands on its rest at once, and the same rest as the same jobs", async () => {
    const range = { shards: 2, shard: 0, after: "a", halvings: 0 };
    const rest = [range, { ...range, shard: 1 }];
    const first = run([], undefined, { rest });
    const { handedOn } = await first.outcome;
    assert.deepEqual(
      first.deliveries.map(({ jobs, delaySeconds }) => [jobs.map(({ to }) => to), delaySeconds]),
      [[rest.map((one) => ({ range: one })), 0]],
    );
    assert.equal(new Set(handedOn.map(({ id }) => id)).size, 2);
    const again = run([], undefined, { rest, task: { id: first.task.id } });
    assert.deepEqual((await again.outcome).handedOn, handedOn);
    const other = await run([], undefined, { rest }).outcome;
    assert.notDeepEqual(other.handedOn, handedOn);
  });

  it("hands on whom it has not reached by the reason of each, later", async () => {
    const all = await subscribers(4);
    const busy = all.slice(2).map(idOf);
    const statusOf = (id: string) => (busy.includes(id) ? 429 : 503);
    const { outcome, deliveries } = run(all, statusOf, { task: { attempt: 3 } });
    assert.deepEqual(await counts(outcome), [0, 0, [2, 2]]);
    assert.deepEqual(jobsIn(deliveries), [
      [4, "status 429", ...busy.sort()],
      [4, "status 503", ...all.slice(0, 2).map(idOf).sort()],
    ]);
    assert.ok(deliveries.every(({ delaySeconds }) => delaySeconds > 0));
  });

  it("hands on for whom there was no time, as often tried as before", async () => {
    const one = await subscriber();
    const many = Array.from({ length: 401 }, () => one);
    const task = { attempt: maxAttempts - 1, reason: "status 429" };
    const { outcome, asked, deliveries } = run(many, undefined, { until: clock.now(), task });
    assert.deepEqual(await counts(outcome), [0, 0, [400, 1]]);
    assert.deepEqual(asked, []);
    assert.deepEqual(
      deliveries.flatMap(({ jobs, delaySeconds }) =>
        jobs.map((job) => [job.attempt, job.reason, idsIn(job).length, delaySeconds]),
      ),
      [
        [maxAttempts - 1, "status 429", 400, 0],
        [maxAttempts - 1, "status 429", 1, 0],
      ],
    );
  });

  it("gives up whom it has not reached at the last attempt", async () => {
    const one = await subscriber();
    const task = { attempt: maxAttempts - 1 };
    const { outcome, deliveries, deadLetters } = run([one], () => 503, { task });
    const { handedOn } = await outcome;
    assert.deepEqual([deliveries, handedOn[0]?.isGivenUp], [[], true]);
    assert.deepEqual(jobsIn(deadLetters), [[maxAttempts, "status 503", idOf(one)]]);
    assert.equal((await channels.items(idOf(one))).length, 3);
  });

  it("removes whoever is gone from all of its channels, and nobody else", async () => {
    const all = await subscribers(28);
    const isGone = new Set(all.slice(2).map(idOf));
    const { outcome } = run(all, (id) => (isGone.has(id) ? 410 : 200));
    assert.deepEqual(await counts(outcome), [2, 26, []]);
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
    assert.deepEqual(await counts(run([orphan], () => 400).outcome), [0, 1, []]);
    assert.deepEqual(await channels.items(idOf(orphan)), []);
  });

  it("is counted as what it came to; a publish only where it leaves something to others", async () => {
    const kept = async ({ id }: Task) =>
      (await channels.items(`delivery#`)).includes(`delivery#news#k3f9x2-42 ${id}`);
    const all = await subscribers(2);
    const { outcome, task } = run(all);
    await outcome;
    assert.equal(await kept(task), true);
    const publish = { task: { id: publishJob } };
    await run(all, undefined, publish).outcome;
    assert.equal(await kept({ ...task, id: publishJob }), false);
    await run(all, () => 429, publish).outcome;
    assert.equal(await kept({ ...task, id: publishJob }), true);
  });

  it("leaves who may still be connecting, and keeps it", async () => {
    const young = await subscriber({ connectedAt: clock.now() });
    const { outcome, deliveries } = run([young], () => 410);
    assert.deepEqual(await counts(outcome), [0, 0, [1]]);
    assert.deepEqual(jobsIn(deliveries), [[1, "status 410", idOf(young)]]);
    assert.equal((await channels.items(idOf(young))).length, 3);
  });

  it("has no more posts under way than it may", async () => {
    const portion = { subscribers: await subscribers(7), rest: [] };
    const { system } = recordedSystem(channels.table);
    let [underWay, most] = [0, 0];
    system.connections.post = async () => {
      most = Math.max(most, (underWay += 1));
      await new Promise(setImmediate);
      underWay -= 1;
      return 200;
    };
    for (const concurrency of [3, undefined]) {
      most = 0;
      const options = { until: until(), ...(concurrency && { concurrency }) };
      await dispatch(system, { id: `most${concurrency}`, message, attempt: 0 }, portion, options);
      assert.equal(most, concurrency ?? 7);
    }
  });

  it("fails where a queue does not take what is left, and is not counted", async () => {
    const closed = { system: { deliveries: closedQueue, deadLetters: closedQueue } };
    const rest = [{ shards: 1, shard: 0, after: "a", halvings: 0 }];
    for (const failing of [
      run([await subscriber()], () => 500, closed),
      run([await subscriber()], () => 500, { ...closed, task: { attempt: maxAttempts - 1 } }),
      run([await subscriber()], undefined, { ...closed, until: clock.now() }),
      run([], undefined, { ...closed, rest }),
    ]) {
      await assert.rejects(failing.outcome, new Error("queue closed"));
      assert.equal(await isCounted(channels.table, message, failing.task.id), false);
    }
  });

  it("is done where who is gone cannot be removed: the next publish finds them", async () => {
    const one = await subscriber();
    const hooked = await hookedTable(clock);
    const { system } = recordedSystem(hooked.table, () => 410);
    const task = { id: "unremoved", message, attempt: 0 };
    const portion = { subscribers: [one], rest: [] };
    const { gone } = await intercepted(
      (request, send) =>
        request.startsWith("DeleteItem") ? Promise.reject(new Error("no")) : send(),
      () => dispatch(system, task, portion, { until: until() }),
    );
    assert.equal(gone, 1);
    assert.equal(await isCounted(hooked.table, message, "unremoved"), true);
  });

  it("fails where it may not post at all, and removes nobody", async () => {
    const one = await subscriber();
    await assert.rejects(run([one], () => 403).outcome, { name: "PostForbidden" });
    assert.equal((await channels.items(idOf(one))).length, 3);
  });
});
