import assert from "node:assert/strict";
import {
  readPresenceJob,
  writePresenceJob,
  type PresenceJob,
} from "../../../../handlers/delivery/presence-job.ts";

describe("a job of who is on a channel", () => {
  it("is read as it was written, in ASCII, whatever the member is called", () => {
    const jobs: PresenceJob[] = [
      { presence: "part", channel: "news", member: 'ä"\\\u0000\u007f\uffff😀', revision: 3 },
      { presence: "sweep", channel: "news", number: 2 },
      { presence: "sweep", channel: "news" },
    ];
    for (const job of jobs) {
      const body = writePresenceJob(job);
      assert.match(body, /^[\x20-\x7e]+$/);
      assert.deepEqual(readPresenceJob(body), job);
    }
  });

  it("is told from a job of a delivery", () => {
    assert.equal(readPresenceJob('{"id":"a","message":{"text":""},"rows":[]}'), undefined);
  });
});
