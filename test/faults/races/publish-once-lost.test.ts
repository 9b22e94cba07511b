import assert from "node:assert/strict";
import { publishOnce } from "../../../handlers/delivery/publish-once.ts";
import type { System } from "../../../handlers/aws/system.ts";
import { intercepted } from "../../support/hooked-table.ts";
import { again, applied, killing, on, tableFailure, unapplied } from "../../support/intercepts.ts";
import { oneSubscriber } from "../../support/one-subscriber.ts";
import type { PassingClock } from "../../support/passing-clock.ts";

const content = { text: "hello", isJson: false };
const inProgress = { name: "Problem", code: "request-in-progress", status: 409 };

describe("a publish with an Idempotency-Key whose writes are lost", () => {
  let clock: PassingClock;
  let system: System;
  let asked: string[];
  beforeEach(async () => {
    ({ clock, system, asked } = await oneSubscriber(["news"]));
  });

  const publish = () => publishOnce(system, "news", content, "key");
  /** The numbers of the messages that the subscriber got. */
  const posted = () => asked.map((post) => Number(/"id":"\w+-(\d+)"/.exec(post)?.[1]));
  const numberOf = ({ id }: { id: string }) => Number(id.split("-")[1]);

  /** Begins a publish whose instance is killed at a request, which DynamoDB does not get. */
  async function killedAt(part: string): Promise<void> {
    await new Promise<void>((resolve) => {
      void intercepted(on(part, killing(resolve)), publish);
    });
  }

  const writes = {
    "its item": "PutItem request#news key",
    "its number": "SET progress",
    "its answer": "SET answer",
  };
  for (const [what, part] of Object.entries(writes)) {
    it(`knows ${what} again, where the write was applied and the SDK sends it twice`, async () => {
      const first = await intercepted(on(part, again), publish);
      assert.equal(numberOf(first), 1);
      assert.deepEqual(await publish(), first);
      assert.deepEqual(posted(), [1]);
    });
  }

  // Whether the request fails, the number of its repeat at once, and what the subscriber has then.
  for (const [what, how, act, fails, repeated, got] of [
    ["its item", "was applied and", applied, true, 1, [1]],
    ["its item", "was not applied and", unapplied, true, 1, [1]],
    ["its number", "was applied and", applied, true, 2, [2]],
    ["its number", "was not applied and", unapplied, true, 2, [2]],
    ["its answer", "was applied and", applied, false, 1, [1]],
  ] as const) {
    it(`is one message where the write of ${what} ${how} failed, and its repeat need not wait`, async () => {
      const first = intercepted(on(writes[what], act), publish);
      if (fails) await assert.rejects(first, tableFailure);
      else assert.equal(numberOf(await first), 1);
      assert.equal(numberOf(await publish()), repeated);
      assert.equal(numberOf(await publish()), repeated);
      assert.deepEqual(posted(), got);
    });
  }

  it("is one message where its answer was not kept: a repeat a minute later has its id", async () => {
    const first = await intercepted(on(writes["its answer"], unapplied), publish);
    await assert.rejects(publish(), inProgress);
    clock.advance(60_000);
    assert.equal((await publish()).id, first.id);
    assert.deepEqual(posted(), [1, 1]);
  });

  for (const [when, part, got] of [
    ["before it has a number", "ADD #sequence", [1]],
    ["with a number that it has not noted", "SET progress", [2]],
    // Readers may have passed that number by: nobody can have got its message.
    ["with a number, before its message is kept", "PutItem messages#news", [2]],
    ["with its message kept, before it is delivered", "channel#news#0", [1]],
    ["after it is delivered", "SET answer", [1, 1]],
  ] as const) {
    it(`is one message where its instance was killed ${when}`, async () => {
      await killedAt(part);
      await assert.rejects(publish(), inProgress);
      clock.advance(60_000);
      const published = await publish();
      assert.deepEqual(await publish(), published);
      assert.deepEqual(posted(), got);
    });
  }
});
