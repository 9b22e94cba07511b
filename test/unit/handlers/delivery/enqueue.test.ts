import assert from "node:assert/strict";
import { mock } from "node:test";
import { enqueue, retryLater, sendJobs } from "../../../../handlers/delivery/enqueue.ts";
import type { Subscriber } from "../../../../handlers/store/subscribers.ts";
import { closedQueue, recordingQueue, type Sent } from "../../../support/recorded-system.ts";

const message = {
  ...{ channel: "news", epoch: "k3f9x2", sequence: 42, text: "hello", isJson: false },
  time: "2026-11-22T10:00:00.000Z",
};

describe("subscribers for the queue", () => {
  let sent: Sent[];
  let read: number;
  beforeEach(() => {
    [sent, read] = [[], 0];
  });

  async function* stream(count: number): AsyncGenerator<Subscriber> {
    for (; read < count; read++) {
      const connectionId = `${read}OL9cOFvHcCIhw=`;
      const ends = { connectedAt: 1_795_000_000_000, expiresAt: 1_795_007_800 };
      yield { connectionId, protocol: "plain", ...ends, shardKey: `news#${read % 4}` };
      await Promise.resolve();
    }
  }

  for (const [count, jobs] of [
    [0, []],
    [1, [1]],
    [400, [1]],
    [401, [2]],
    [4_000, [10]],
    [4_001, [10, 1]],
  ] as const) {
    it(`go in as few jobs and requests as can be where they are ${count}, to be done at once`, async () => {
      assert.equal(await enqueue(recordingQueue(sent), message, stream(count)), count);
      assert.deepEqual(
        sent.map((one) => one.jobs.length),
        jobs,
      );
      const all = sent.flatMap((one) => one.jobs);
      assert.deepEqual(
        all.flatMap(({ subscribers }) => subscribers.map(({ connectionId }) => connectionId)),
        Array.from({ length: count }, (_, number) => `${number}OL9cOFvHcCIhw=`),
      );
      assert.ok(all.every((job) => job.attempt === 0 && job.subscribers.length <= 400));
      for (const job of all) assert.deepEqual(job.message, message);
      assert.ok(sent.every(({ delaySeconds }) => delaySeconds === 0));
    });
  }

  it("are read no faster than the queue takes them", async () => {
    const readBySend: number[] = [];
    const queue = {
      async send() {
        await new Promise(setImmediate);
        readBySend.push(read);
      },
    };
    await enqueue(queue, message, stream(9_000));
    assert.deepEqual(readBySend, [3_999, 7_999, 9_000]);
  });

  it("are not counted where the queue does not take them", async () => {
    await assert.rejects(enqueue(closedQueue, message, stream(1)), new Error("queue closed"));
    await assert.rejects(enqueue(closedQueue, message, stream(5_000)), new Error("queue closed"));
  });
});

describe("a job that is to be done again", () => {
  let sent: Sent[];
  beforeEach(() => {
    sent = [];
  });
  afterEach(() => {
    mock.restoreAll();
  });

  const delayOf = async (attempt: number, random: number) => {
    mock.method(Math, "random", () => random);
    const job = { message, subscribers: [], attempt, reason: "status 429" };
    await retryLater(recordingQueue(sent), job);
    const last = sent.at(-1);
    assert.deepEqual(last?.jobs, [job]);
    return last.delaySeconds;
  };

  it("waits for up to twice as long each time, and 15 minutes at most, as SQS has it", async () => {
    const delays = [];
    for (let attempt = 1; attempt <= 10; attempt++) delays.push(await delayOf(attempt, 0.9999));
    assert.deepEqual(delays, [10, 20, 40, 80, 160, 320, 640, 900, 900, 900]);
  });

  it("waits at random, for whole seconds", async () => {
    assert.deepEqual([await delayOf(8, 0.0001), await delayOf(8, 0.5)], [1, 450]);
  });
});

describe("jobs that are sent", () => {
  it("are to be done at once, or after so many seconds", async () => {
    const sent: Sent[] = [];
    await sendJobs(recordingQueue(sent), [{ message, subscribers: [], attempt: 3 }]);
    await sendJobs(recordingQueue(sent), [], 7);
    assert.deepEqual(
      sent.map(({ jobs, delaySeconds }) => [jobs.length, delaySeconds]),
      [
        [1, 0],
        [0, 7],
      ],
    );
  });
});
