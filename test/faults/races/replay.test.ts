import assert from "node:assert/strict";
import pMap from "p-map";
import { actions } from "../../../handlers/actions/actions.ts";
import { sleep } from "../../../handlers/aws/clock.ts";
import { grantsOf } from "../../../handlers/auth/grants.ts";
import { publish } from "../../../handlers/delivery/publish.ts";
import { nextInChannel } from "../../../handlers/store/channel.ts";
import { keep } from "../../../handlers/store/history.ts";
import { hookedTable, intercepted, type HookedTable } from "../../support/hooked-table.ts";
import { PassingClock } from "../../support/passing-clock.ts";
import { connected } from "../../support/connected.ts";
import { postsTo, type Posts } from "../../support/posts.ts";
import { recordedSystem } from "../../support/recorded-system.ts";

const content = { text: "hello", isJson: false };

describe("a replay", () => {
  let clock: PassingClock;
  let channels: HookedTable;
  beforeEach(async () => {
    clock = new PassingClock(Date.now());
    channels = await hookedTable(clock);
    await connected(channels.table, ["other"], { connectionId: "me", protocol: "channels.v1" });
  });

  /** Subscribes with `since`: null, and has 27 seconds for it. Returns its reply without the id. */
  async function resume(connections: Posts, channel = "news"): Promise<Record<string, unknown>> {
    const frame = {
      ...{ connectionId: "me", grants: grantsOf("none"), text: "", until: clock.now() + 27_000 },
      members: { channel, since: null },
    };
    const changes = { connections, prefixSubscriptions: true };
    const system = recordedSystem(channels.table, undefined, changes).system;
    const reply = await actions.subscribe?.(system, frame);
    const { type, recovered } = JSON.parse(reply ?? "") as Record<string, unknown>;
    return { type, recovered };
  }

  async function publishMany(count: number): Promise<void> {
    const system = recordedSystem(channels.table).system;
    for (let index = 0; index < count; index++) await publish(system, "news", content);
  }

  const numbersOf = (posted: string[]) =>
    posted.map((post) => Number(/"id":"\w+-(\d+)"/.exec(post)?.[1]));

  const troubles: Record<string, () => Promise<number>> = {
    "throttled (429)": () => Promise.resolve(429),
    "failed by API Gateway (500)": () => Promise.resolve(500),
    "answered 503": () => Promise.resolve(503),
    reset: () => Promise.reject(new Error("read ECONNRESET")),
    "left without an answer": async () => {
      await sleep(clock, 3_000);
      throw new Error("no answer within 3000 ms");
    },
  };
  for (const [what, trouble] of Object.entries(troubles)) {
    it(`goes on where posts are ${what}, while time remains, and says recovered:true`, async () => {
      await publishMany(3);
      // Five times in a row is one more than a delivery tries.
      let failures = 5;
      const connections = postsTo((_, frame) =>
        frame.includes('-2"') && failures-- > 0 ? trouble() : 200,
      );
      assert.deepEqual(await resume(connections), { type: "subscribed", recovered: true });
      assert.deepEqual(numbersOf(connections.posted), [1, 2, 2, 2, 2, 2, 2, 3]);
    });

    it(`says recovered:false where posts stay ${what} until time is out`, async () => {
      await publishMany(3);
      const start = clock.now();
      const connections = postsTo((_, frame) => (frame.includes('-2"') ? trouble() : 200));
      assert.deepEqual(await resume(connections), { type: "subscribed", recovered: false });
      const numbers = numbersOf(connections.posted);
      assert.deepEqual([...new Set(numbers)], [1, 2]);
      // Waits grow: it posts for as long as it may, and not as often as it could.
      assert.ok(numbers.length > 6 && numbers.length < 60, String(numbers.length));
      // A post that was made in time may take its three seconds.
      assert.ok(clock.now() - start <= 30_000, String(clock.now() - start));
    });
  }

  it("ends with recovered:false where the client is gone, after one post", async () => {
    await publishMany(2);
    const connections = postsTo(() => 410);
    assert.deepEqual(await resume(connections), { type: "subscribed", recovered: false });
    assert.deepEqual(numbersOf(connections.posted), [1]);
  });

  it("of a prefix reads no further channel after a post that was not done", async () => {
    const system = recordedSystem(channels.table).system;
    for (const name of ["news:1", "news:2", "news:3"]) await publish(system, name, content);
    const connections = postsTo(() => 410);
    const reads: string[] = [];
    const replaying = intercepted(
      (request, send) => {
        if (request.startsWith("Query messages#")) reads.push(request);
        return send();
      },
      () => resume(connections, "news:*"),
    );
    assert.deepEqual(await replaying, { type: "subscribed", recovered: false });
    assert.equal(connections.posted.length, 1);
    assert.equal(reads.length, 1, reads.join());
  });

  it("of a prefix waits no longer than for one channel, in however many a number is missing", async () => {
    for (let number = 0; number < 100; number++) {
      await nextInChannel(channels.table, `news:${number}`);
    }
    const start = clock.now();
    assert.deepEqual(await resume(postsTo(), "news:*"), { type: "subscribed", recovered: false });
    assert.equal(clock.now() - start, 350);
  });

  for (const [kept, recovered] of [
    [1_000, true],
    [1_001, false],
  ] as const) {
    it(`of ${kept} messages posts 1,000, and says recovered:${recovered}`, async () => {
      const time = new Date(clock.now()).toISOString();
      const keepOne = async () => {
        const { epoch, sequence } = await nextInChannel(channels.table, "news");
        await keep(channels.table, { ...content, channel: "news", epoch, sequence, time }, 300);
      };
      await pMap(Array.from({ length: kept }), keepOne, { concurrency: 32 });
      const connections = postsTo();
      assert.deepEqual(await resume(connections), { type: "subscribed", recovered });
      assert.deepEqual(
        numbersOf(connections.posted),
        Array.from({ length: 1_000 }, (_, index) => index + 1),
      );
    });
  }
});
