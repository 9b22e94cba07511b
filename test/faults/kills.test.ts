import assert from "node:assert/strict";
import { connect, deadJobs, fanout, idOf, publishAndSettle } from "./faulty.ts";
import { killedAt, type Moment } from "./killed.ts";
import { startScenario, type Scenario } from "./scenario.ts";

describe("an instance of the fanout function", function () {
  this.timeout(60_000);
  let scenario: Scenario;
  afterEach(() => scenario.close());

  const moments: [when: string, moment: Moment][] = [
    ["before its first post", { step: "post", after: 0 }],
    ["between two posts", { step: "post", after: 7 }],
    ["before it removes who is gone", { step: "removal", after: 0 }],
    ["before it has removed all who are gone", { step: "removal", after: 6 }],
    ["before it removes the rows of whom it has removed", { step: "removal", after: 9 }],
    ["after it has removed who is gone", { step: "removal", after: 10 }],
    ["before it puts back whom it has not reached", { step: "put-back", after: 0 }],
    ["after it has put back whom it has not reached", { step: "put-back", after: 1 }],
  ];
  for (const [when, moment] of moments) {
    it(`loses nobody, and leaves no row of who is gone, where it is killed ${when}`, async () => {
      const isGone = (id: string) => Number(id.slice(0, 3)) % 3 === 0;
      const unlucky = idOf(5);
      let throttled = 4;
      let fanouts = 0;
      let kills = 0;
      scenario = await startScenario({
        inlineRecipients: 1,
        fate: (id) => (isGone(id) ? 410 : id === unlucky && throttled-- > 0 ? 429 : 200),
        fanout: async (all, bodies) => {
          fanouts += 1;
          if (fanouts > 1) return fanout(all, bodies);
          const result = await killedAt(moment, all, bodies);
          if (result.outcome === "failed") kills += 1;
          return result;
        },
      });
      const ids = await connect(scenario, 30);
      const { queued } = await publishAndSettle(scenario);

      assert.deepEqual([queued, kills, fanouts > 1], [29, 1, true]);
      const live = ids.filter((id) => !isGone(id)).sort();
      assert.deepEqual([...scenario.connections.frames.keys()].sort(), live);
      const frames = [...scenario.connections.frames.values()].flat();
      assert.deepEqual([...new Set(frames)], ["hello"]);
      const rows = live.flatMap((id) => [`channel#test#0 ${id}`, `connection#${id} connection`]);
      assert.deepEqual(await scenario.items(), ["channel#test channel", ...rows].sort());
      assert.deepEqual(await deadJobs(scenario), []);
    });
  }
});
