import assert from "node:assert/strict";
import { sleep } from "../../../handlers/aws/clock.ts";
import { readJob, writeJob, type Job } from "../../../handlers/delivery/job.ts";
import { maxAttempts } from "../../../handlers/delivery/dispatch.ts";
import { work } from "../../../handlers/delivery/worker.ts";
import type { Subscriber } from "../../../handlers/store/subscriber.ts";
import { connected } from "../../support/connected.ts";
import { hookedTable, type HookedTable } from "../../support/hooked-table.ts";
import { PassingClock } from "../../support/passing-clock.ts";
import { postsTo, type Posts } from "../../support/posts.ts";
import { idsIn, recordedSystem } from "../../support/recorded-system.ts";

const message = {
  ...{ channel: "news", epoch: "k3f9x2", sequence: 42, text: "hello", isJson: false },
  time: "2026-11-22T10:00:00.000Z",
};

describe("an attempt to do a job of the queue", () => {
  let clock: PassingClock;
  let channels: HookedTable;
  beforeEach(async () => {
    clock = new PassingClock(Date.now());
    channels = await hookedTable(clock);
  });

  const subscribers = async (...ids: string[]): Promise<Subscriber[]> =>
    Promise.all(
      ids.map(async (connectionId) => ({
        ...(await connected(channels.table, ["news"], { connectionId })),
        shardKey: "news#0",
      })),
    );

  /** Works on a job for so many milliseconds; gives what it has put back, and the dead letters. */
  async function attempt(job: Job, milliseconds: number, connections: Posts, concurrency = 1) {
    const { system, deliveries, deadLetters } = recordedSystem(channels.table, undefined, {
      connections,
    });
    const until = clock.now() + milliseconds;
    await work(system, writeJob(job), { until, concurrency, receives: 1 });
    return { deliveries, deadLetters: deadLetters.flatMap(({ jobs }) => jobs) };
  }

  it("counts only where a post was made: a job without time comes back at once, for ever", async () => {
    const connections = postsTo();
    const to = { subscribers: await subscribers("a", "b") };
    let job: Job = { id: "first", message, to, attempt: 0, reason: undefined };
    for (let turn = 0; turn < 3 * maxAttempts; turn++) {
      const { deliveries, deadLetters } = await attempt(job, 0, connections);
      assert.deepEqual(deadLetters, []);
      const [{ jobs, delaySeconds } = assert.fail()] = deliveries;
      const [put = assert.fail()] = jobs;
      assert.deepEqual([{ ...put, id: job.id }, delaySeconds], [job, 0]);
      job = put;
    }
    assert.deepEqual(connections.posted, []);
    await attempt(job, 1_000, connections);
    assert.deepEqual(connections.posted, ["a hello", "b hello"]);
  });

  it("does not count for those whose time a slow neighbour took", async () => {
    const slow = postsTo(async () => {
      await sleep(clock, 3_000);
      throw new Error("no answer within 3000 ms");
    });
    const to = { subscribers: await subscribers("a", "b", "c") };
    const job = { id: "first", message, to, attempt: 8 };
    const { deliveries, deadLetters } = await attempt(job, 1_000, slow);
    assert.deepEqual(deadLetters, []);
    assert.deepEqual(
      deliveries
        .flatMap(({ jobs }) => jobs)
        .map((put) => [idsIn(put), put.attempt])
        .sort(),
      [
        [["a"], 9],
        [["b", "c"], 8],
      ],
    );
  });

  it("is the last where it is the tenth in which a post was made, with the reason of that", async () => {
    const throttled = postsTo(() => 429);
    const to = { subscribers: await subscribers("a") };
    let job: Job = { id: "first", message, to, attempt: 0 };
    for (let turn = 1; turn < maxAttempts; turn++) {
      const { deliveries, deadLetters } = await attempt(job, 10_000, throttled);
      assert.deepEqual([deliveries[0]?.jobs[0]?.attempt, deadLetters], [turn, []]);
      // A turn without time in between changes nothing.
      const [put] = deliveries.flatMap(({ jobs }) => jobs);
      const idle = await attempt(put ?? assert.fail(), 0, throttled);
      job = readJob(writeJob(idle.deliveries[0]?.jobs[0] ?? assert.fail()));
      assert.deepEqual({ ...job, id: put?.id }, put);
    }
    const { deliveries, deadLetters } = await attempt(job, 10_000, throttled);
    assert.deepEqual([deliveries, deadLetters.length], [[], 1]);
    assert.deepEqual([deadLetters[0]?.attempt, deadLetters[0]?.reason], [10, "status 429"]);
  });
});
