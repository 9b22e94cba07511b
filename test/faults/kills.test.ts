import assert from "node:assert/strict";
import { connect, deadJobs, fanout, idOf, publishAndSettle } from "./faulty.ts";
import { killedAt, type Moment } from "./killed.ts";
import { readReport } from "../../handlers/store/delivery-report.ts";
import { startScenario, type Scenario } from "./scenario.ts";
import { channelItem } from "../support/channel-item.ts";

describe("an instance of the fanout function", function () {
  this.timeout(60_000);
  let scenario: Scenario;
  afterEach(() => scenario.close());

  const moments: [when: string, moment: Moment][] = [
    ["before it reads its range", { step: "read", after: 0 }],
    ["before it looks whether it is counted", { step: "read", after: 1 }],
    ["before its first post", { step: "post", after: 0 }],
    ["between two posts", { step: "post", after: 7 }],
    ["before it hands on whom it has not reached", { step: "hand-on", after: 0 }],
    ["after it has handed on whom it has not reached", { step: "hand-on", after: 1 }],
    ["before it is counted", { step: "count", after: 0 }],
    ["after it is counted", { step: "count", after: 1 }],
    ["before it removes who is gone", { step: "removal", after: 0 }],
    ["before it has removed all who are gone", { step: "removal", after: 6 }],
    ["before it removes the rows of whom it has removed", { step: "removal", after: 9 }],
    ["after it has removed who is gone", { step: "removal", after: 10 }],
  ];
  for (const [when, moment] of moments) {
    it(`loses nobody, and counts everyone once, where it is killed ${when}`, async () => {
      const isGone = (id: string) => Number(id.slice(0, 3)) % 3 === 0;
      const unlucky = idOf(5);
      let throttled = 4;
      let fanouts = 0;
      let kills = 0;
      scenario = await startScenario({
        inlineRecipients: 1,
        fate: (id) => (isGone(id) ? 410 : id === unlucky && throttled-- > 0 ? 429 : 200),
        fanout: async (all, records) => {
          fanouts += 1;
          if (fanouts > 1) return fanout(all, records);
          const result = await killedAt(moment, all, records);
          if (result.outcome === "failed") kills += 1;
          return result;
        },
      });
      const ids = await connect(scenario, 30);
      const { id, pending } = await publishAndSettle(scenario);

      assert.deepEqual([pending, kills, fanouts > 1], [1, 1, true]);
      const live = ids.filter((id) => !isGone(id)).sort();
      assert.deepEqual([...scenario.connections.frames.keys()].sort(), live);
      const frames = [...scenario.connections.frames.values()].flat();
      assert.deepEqual([...new Set(frames)], ["hello"]);
      const report = await readReport(scenario.system.table, "test", id);
      const { startedAt, finishedAt, ...counts } = report ?? assert.fail();
      assert.deepEqual(counts, { delivered: 20, gone: 10, failed: 0, pending: 0 });
      assert.ok(startedAt < (finishedAt ?? ""));

      // Whose rows an instance has left when it was killed, the next publish finds gone.
      await publishAndSettle(scenario);
      const rows = live.flatMap((id) => [`channel#test#0 ${id}`, `connection#${id} connection`]);
      const items = (await scenario.items()).filter((item) => !item.startsWith("delivery#"));
      assert.deepEqual(items, [channelItem("test"), ...rows].sort());
      assert.deepEqual(await deadJobs(scenario), []);
    });
  }
});
