import assert from "node:assert/strict";
import fc from "fast-check";
import { jobRecipients, readJob, writeJob } from "../../../../handlers/delivery/job.ts";
import type { Job } from "../../../../handlers/delivery/job.ts";
import { checkSize, framesOf } from "../../../../handlers/protocol/message.ts";

const message = {
  channel: "news",
  epoch: "k3f9x2",
  sequence: 42,
  text: "hello",
  json: false,
  time: "2026-11-22T10:00:00.000Z",
};
const recipient = {
  connectionId: "L0SM9cOFvHcCIhw=",
  kind: "plain",
  connectedAt: 1_795_000_000_000,
  expiresAt: 1_795_007_800,
  slot: "news#63",
} as const;

describe("a job", () => {
  it("is read as it was written, whatever the text", () => {
    const texts = fc.string({ unit: "binary", minLength: 1 });
    fc.assert(
      fc.property(texts, fc.boolean(), (text, json) => {
        const job: Job = {
          message: { ...message, text, json },
          recipients: [recipient, { ...recipient, kind: "json", slot: "news#0" }],
          attempt: 3,
          reason: "status 429",
        };
        assert.deepEqual(readJob(writeJob(job)), job);
      }),
    );
  });

  it("holds only characters that SQS takes", () => {
    const body = writeJob({
      message: { ...message, text: "\0\u001f\ufffe\uffff" },
      recipients: [recipient],
      attempt: 0,
    });
    assert.match(body, /^[\x20-\x7e]+$/);
  });

  it("fits in the queue with the largest message and the longest names", () => {
    const channel = "n".repeat(128);
    // The largest that can be published: with its envelope it takes all of the 128 KB.
    const overhead = framesOf({ ...message, channel, text: "" }).json.length;
    const text = "x".repeat(128 * 1024 - overhead);
    const largest = { ...message, channel, text };
    checkSize(framesOf(largest));
    assert.throws(() => {
      checkSize(framesOf({ ...largest, text: `${text}x` }));
    });
    const recipients = Array.from({ length: jobRecipients }, () => ({
      ...recipient,
      slot: `${channel}#63`,
    }));
    const body = writeJob({ message: largest, recipients, attempt: 9, reason: "status 429" });
    assert.ok(body.length < 262_144, String(body.length));
  });
});
