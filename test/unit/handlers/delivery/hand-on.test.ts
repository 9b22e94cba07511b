import assert from "node:assert/strict";
import { mock } from "node:test";
import { giveUp, handOn } from "../../../../handlers/delivery/hand-on.ts";
import { followUps } from "../../../../handlers/delivery/job.ts";
import { closedQueue, recordingQueue, type Sent } from "../../../support/recorded-system.ts";

const message = {
  ...{ channel: "news", epoch: "k3f9x2", sequence: 42, text: "hello", isJson: false },
  time: "2026-11-22T10:00:00.000Z",
};
const range = { shards: 2, shard: 1, after: "a", halvings: 0 };

describe("jobs that are handed on", () => {
  let sent: Sent[];
  beforeEach(() => {
    sent = [];
  });
  afterEach(() => {
    mock.restoreAll();
  });

  const subscribers = Array.from({ length: 401 }, (_, number) => ({
    ...{ connectionId: `${number}OL9cOFvHcCIhw=`, protocol: "plain" as const },
    ...{ connectedAt: 1_795_000_000_000, expiresAt: 1_795_007_800, shardKey: "news#0" },
  }));
  const jobs = followUps({ id: "first", message }, subscribers, { attempt: 0 });
  const [job = assert.fail()] = jobs;

  it("have 400 subscribers at most, and are told by their ids and how many these are", async () => {
    const handedOn = await handOn(recordingQueue(sent), jobs);
    assert.deepEqual(sent, [{ jobs, delaySeconds: 0 }]);
    const deliveries = [400, 1];
    assert.deepEqual(
      handedOn,
      jobs.map(({ id }, index) => ({ id, deliveries: deliveries[index], isGivenUp: false })),
    );
  });

  it("count as one where they name a range, of which nobody knows how many it holds", async () => {
    const ofRange = { id: "of-range", message, to: { range }, attempt: 0, reason: undefined };
    const [handedOn] = await handOn(recordingQueue(sent), [ofRange]);
    assert.deepEqual(handedOn, { id: "of-range", deliveries: 1, isGivenUp: false });
    assert.deepEqual(sent[0]?.jobs, [ofRange]);
  });

  const delayOf = async (attempt: number, random: number) => {
    mock.method(Math, "random", () => random);
    await handOn(recordingQueue(sent), [job], attempt);
    return sent.at(-1)?.delaySeconds;
  };

  it("wait for up to twice as long each time, and 15 minutes at most, as SQS has it", async () => {
    const delays = [];
    for (let attempt = 0; attempt <= 10; attempt++) delays.push(await delayOf(attempt, 0.9999));
    assert.deepEqual(delays, [0, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]);
  });

  it("wait at random, for whole seconds", async () => {
    assert.deepEqual([await delayOf(8, 0.0001), await delayOf(8, 0.5)], [1, 450]);
  });

  it("are told as given up where they are dead letters", async () => {
    const [handedOn] = await giveUp(recordingQueue(sent), [job]);
    assert.deepEqual(handedOn, { id: job.id, deliveries: 400, isGivenUp: true });
    assert.deepEqual(sent, [{ jobs: [job], delaySeconds: 0 }]);
  });

  it("fail where a queue does not take them", async () => {
    await assert.rejects(handOn(closedQueue, jobs), new Error("queue closed"));
    await assert.rejects(giveUp(closedQueue, jobs), new Error("queue closed"));
  });
});
