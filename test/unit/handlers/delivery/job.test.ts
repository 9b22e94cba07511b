import assert from "node:assert/strict";
import fc from "fast-check";
import {
  followUp,
  maxJobSubscribers,
  readJob,
  writeJob,
  type Job,
} from "../../../../handlers/delivery/job.ts";
import { checkSize, messageFrames } from "../../../../handlers/protocol/frames.ts";
import { maxMessageBytes } from "../../../../handlers/protocol/limits.ts";

const message = {
  channel: "news",
  epoch: "k3f9x2",
  sequence: 42,
  text: "hello",
  isJson: false,
  time: "2026-11-22T10:00:00.000Z",
};
const subscriber = {
  connectionId: "L0SM9cOFvHcCIhw=",
  protocol: "plain",
  connectedAt: 1_795_000_000_000,
  expiresAt: 1_795_007_800,
  shardKey: "news#63",
} as const;

const json = { protocol: "channels.v1", shardKey: "news#0" } as const;

describe("a job", () => {
  it("is read as it was written, whatever the text", () => {
    const texts = fc.string({ unit: "binary", minLength: 1 });
    fc.assert(
      fc.property(texts, fc.boolean(), (text, isJson) => {
        const job: Job = {
          id: "first",
          message: { ...message, text, isJson },
          to: { subscribers: [subscriber, { ...subscriber, ...json }] },
          attempt: 3,
          reason: "status 429",
        };
        assert.deepEqual(readJob(writeJob(job)), job);
      }),
    );
  });

  it("names where those of a prefix are subscribed, which may begin as the channel does", () => {
    const shardKeys = ["a:1#12", "a:*#0", "a:1:*#0"];
    const subscribers = shardKeys.map((shardKey) => ({ ...subscriber, shardKey }));
    const job = { id: "first", message: { ...message, channel: "a:1" }, to: { subscribers } };
    assert.deepEqual(readJob(writeJob({ ...job, attempt: 1 })).to, { subscribers });
  });

  it("leaves out whom the publish has left out", () => {
    const omission = { from: "L0SM9cOFvHcCIhw=", exclude: "Qyi07eCbtjMCJKw=" };
    for (const to of [
      { subscribers: [subscriber] },
      { range: { shards: 1, shard: 0, after: "", halvings: 0 } },
    ]) {
      const task = { id: "first", message: { ...message, ...omission } };
      const job = readJob(writeJob(followUp(task, to, { attempt: 1 })));
      assert.deepEqual(job.message, task.message);
    }
  });

  it("holds only characters that SQS takes", () => {
    const body = writeJob({
      message: { ...message, text: "\0\u001f\ufffe\uffff" },
      id: "first",
      to: { subscribers: [subscriber] },
      attempt: 0,
    });
    assert.match(body, /^[\x20-\x7e]+$/);
  });

  it("fits in the queue with the largest message and the longest names", () => {
    const channel = "n".repeat(128);
    // The largest message that can be published: with its envelope it takes all of the 128 KB.
    const overhead = messageFrames({ ...message, channel, text: "" })["channels.v1"].length;
    const text = "x".repeat(maxMessageBytes - overhead);
    const largest = { ...message, channel, text };
    checkSize(messageFrames(largest), maxMessageBytes);
    assert.throws(() => {
      checkSize(messageFrames({ ...largest, text: `${text}x` }), maxMessageBytes);
    });
    const subscribers = Array.from({ length: maxJobSubscribers }, () => ({
      ...subscriber,
      protocol: "channels.v1" as const,
      shardKey: `${channel}#63`,
    }));
    const job = { id: "0123456789abcdef", attempt: 9, reason: "status 429" };
    const body = writeJob({ ...job, message: largest, to: { subscribers } });
    assert.ok(body.length < 262_144, String(body.length));
  });
});
