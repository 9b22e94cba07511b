import assert from "node:assert/strict";
import { publishOnce } from "../../../handlers/delivery/publish-once.ts";
import type { System } from "../../../handlers/aws/system.ts";
import { intercepted, type Intercept } from "../../support/hooked-table.ts";
import { killing, on } from "../../support/intercepts.ts";
import { oneSubscriber } from "../../support/one-subscriber.ts";
import type { PassingClock } from "../../support/passing-clock.ts";

const content = { text: "hello", isJson: false };
const inProgress = { name: "Problem", code: "request-in-progress", status: 409, retryAfter: 2 };

describe("a publish with an Idempotency-Key", () => {
  let clock: PassingClock;
  let system: System;
  let asked: string[];
  beforeEach(async () => {
    ({ clock, system, asked } = await oneSubscriber(["news"]));
  });

  const publish = (data = content) => publishOnce(system, "news", data, "key");
  /** The numbers of the messages that the subscriber got. */
  const posted = () => asked.map((post) => Number(/"id":"\w+-(\d+)"/.exec(post)?.[1]));
  const numberOf = ({ id }: { id: string }) => Number(id.split("-")[1]);

  /** Begins a publish whose instance is killed at a request, which DynamoDB does not get. */
  async function killedAt(part: string): Promise<void> {
    await new Promise<void>((resolve) => {
      void intercepted(on(part, killing(resolve)), publish);
    });
  }

  it("waits for the first with 7 requests and less than 2 seconds, then says when to repeat", async () => {
    await killedAt("PutItem messages#news");
    const requests: string[] = [];
    const start = clock.now();
    const counting: Intercept = (request, send) => (requests.push(request), send());
    await assert.rejects(intercepted(counting, publish), inProgress);
    assert.deepEqual(requests, [
      "PutItem request#news key",
      ...Array.from({ length: 6 }, () => "GetItem request#news key "),
    ]);
    assert.ok(clock.now() - start < 2_000, String(clock.now() - start));
  });

  it("gets the answer of the first, which comes while it waits", async () => {
    let release: (() => void) | undefined;
    const first = intercepted(
      on("PutItem messages#news", async (_request, send) => {
        await new Promise<void>((resolve) => (release = resolve));
        return send();
      }),
      publish,
    );
    while (release === undefined) await new Promise(setImmediate);
    let looks = 0;
    const second = intercepted(
      on("GetItem request#news", async (_request, send) => {
        looks += 1;
        if (looks === 2) {
          release?.();
          await first;
        }
        return send();
      }),
      publish,
    );
    assert.deepEqual(await second, await first);
    assert.deepEqual([posted(), looks], [[1], 2]);
  });

  it("is refused with other content, whatever became of the first", async () => {
    const reused = { code: "idempotency-key-reused", status: 422 };
    const other = () => publish({ text: "hello", isJson: true });
    await killedAt("SET progress");
    await assert.rejects(other(), reused);
    clock.advance(60_000);
    await assert.rejects(other(), reused);
    await publish();
    await assert.rejects(other(), reused);
    assert.deepEqual(posted(), [2]);
  });

  it("stands for one message for 24 hours, from its first request on", async () => {
    const day = 24 * 60 * 60 * 1000;
    clock.advance(1_000 - (clock.now() % 1_000));
    const first = await publish();
    clock.advance(day - 1);
    assert.deepEqual(await publish(), first);
    clock.advance(1);
    assert.equal(numberOf(await publish()), 2);
  });
});
