import assert from "node:assert/strict";
import { publishBatch } from "../../../handlers/actions/publish-batch.ts";
import type { System } from "../../../handlers/aws/system.ts";
import { intercepted } from "../../support/hooked-table.ts";
import { oneSubscriber } from "../../support/one-subscriber.ts";
import type { PassingClock } from "../../support/passing-clock.ts";

const grants = { subscribe: [], presence: [], publish: ["*"], admin: false };
const messages = ["a", "b", "a", "b"].map((channel, index) => {
  const members = { channel, data: `text ${index}` };
  return { text: JSON.stringify(members), members };
});

describe("a batch with an Idempotency-Key whose instance is killed", () => {
  let clock: PassingClock;
  let system: System;
  let asked: string[];
  beforeEach(async () => {
    ({ clock, system, asked } = await oneSubscriber(["a", "b"]));
  });

  const publish = (batch = messages) =>
    publishBatch(system, grants, { text: JSON.stringify(batch), messages: batch }, "key");
  /** What the subscriber got, each once: `<channel> <number> <text>`, sorted. */
  const received = () => {
    const frames = asked.map((post) => JSON.parse(post.replace("POST one ", "")) as Frame);
    return [...new Set(frames.map(({ channel, id, data }) => `${channel} ${id.slice(7)} ${data}`))];
  };
  type Frame = { channel: string; id: string; data: string };

  /** Runs the batch on an instance that is killed at a request, and sends none from then on. */
  const killedAt = (part: string) =>
    new Promise<void>((resolve) => {
      let isDead = false;
      void intercepted((request, send) => {
        isDead ||= request.includes(part);
        if (!isDead) return send();
        resolve();
        return new Promise(() => undefined);
      }, publish);
    });

  for (const [when, part] of [
    ["before any message begins", "PutItem request#a key 0"],
    ["before a message has its number", "UpdateItem channels#a"],
    ["before its second message begins", "PutItem request#a key 2"],
    ["before the number of its first is noted", "SET progress"],
    ["before the answer of its first is kept", "SET answer"],
  ] as const) {
    it(`${when} goes on by a repeat: each has one number, and the order of the list`, async () => {
      await killedAt(part);
      clock.advance(60_000);
      const results = await publish();
      const ids = results.map((result) => ("id" in result ? result.id.slice(7) : result.code));
      assert.ok(Number(ids[0]) < Number(ids[2]) && Number(ids[1]) < Number(ids[3]), ids.join());
      const each = messages.map(
        ({ members }, index) => `${members.channel} ${ids[index] ?? ""} ${members.data}`,
      );
      assert.deepEqual(received().sort(), each.sort());
      assert.deepEqual(await publish(), results);
    });
  }

  it("holds its body against the key, however early that was", async () => {
    await killedAt("PutItem request#a key 0");
    await assert.rejects(publish(messages.slice(1)), { code: "idempotency-key-reused" });
  });
});
