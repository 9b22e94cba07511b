import assert from "node:assert/strict";
import { PostForbidden } from "../../handlers/delivery/engine.ts";
import { readReport } from "../../handlers/store/delivery-report.ts";
import { maxReceives } from "../../handlers/protocol/limits.ts";
import { idsIn } from "../support/recorded-system.ts";
import { bad, connect, deadJobs, fanout, idOf, publishAndSettle, seeded } from "./faulty.ts";
import { killedAt, type Step } from "./killed.ts";
import { startScenario, type Scenario, type ScenarioOptions } from "./scenario.ts";

describe("the report of a publish", function () {
  this.timeout(60_000);
  let scenario: Scenario;
  afterEach(() => scenario.close());

  const report = async ({ id }: { id: string }) => {
    const { delivered, gone, failed, pending } =
      (await readReport(scenario.system.table, "test", id)) ?? assert.fail("no report");
    return { delivered, gone, failed, pending };
  };
  const start = async (options: Partial<ScenarioOptions>) => {
    const defaults = { fate: () => 200, pageItems: 7, inlineRecipients: 4, fanout };
    scenario = await startScenario({ ...defaults, ...options });
  };

  const seeds = Array.from({ length: 40 }, (_, index) => 1_000 + index);
  for (const seed of seeds) {
    it(`is exact where instances are killed, jobs run twice and the table throttles (seed ${seed})`, async () => {
      const random = seeded(seed);
      const steps: Step[] = ["read", "post", "hand-on", "count", "removal"];
      const isGone = (id: string) => Number(id.slice(0, 3)) % 3 === 0;
      let isThrottled = false;
      let kills = 0;
      await start({
        fate: (id) => (isGone(id) ? 410 : bad(random())),
        fault: () => (isThrottled && random() < 0.02 ? { type: "ThrottlingException" } : undefined),
        fanout: async (all, records) => {
          const chance = random();
          // Killed each time it would be given up, and rightly count as failed.
          const isFirst = records.every((one) => one.attributes.ApproximateReceiveCount === "1");
          if (chance < 0.25 && isFirst && kills < 12) {
            kills += 1;
            const step = steps[Math.floor(random() * steps.length)] ?? "post";
            return killedAt({ step, after: Math.floor(random() * 4) }, all, records);
          }
          if (chance < 0.5) await Promise.all([fanout(all, records), fanout(all, records)]);
          return fanout(all, records);
        },
      });
      const ids = await connect(scenario, 60);
      isThrottled = true;
      const published = await publishAndSettle(scenario);
      isThrottled = false;

      assert.ok(published.pending > 0);
      const live = ids.filter((id) => !isGone(id));
      assert.deepEqual([...scenario.connections.frames.keys()].sort(), live.sort());
      const counts = { delivered: 40, gone: 20, failed: 0, pending: 0 };
      assert.deepEqual(await report(published), counts);
      assert.deepEqual(await deadJobs(scenario), []);
    });
  }

  it("has what was given up as failed, and as delivered once it is redriven", async () => {
    const unlucky = idOf(5);
    let isDown = true;
    await start({ fate: (id) => (id === unlucky && isDown ? 429 : 200) });
    await connect(scenario, 20);
    const published = await publishAndSettle(scenario);
    assert.deepEqual(await report(published), { delivered: 19, gone: 0, failed: 1, pending: 0 });
    const [body = assert.fail(), ...others] = await scenario.receiveDead();
    assert.deepEqual(others, []);

    isDown = false;
    await scenario.system.deliveries.send([body]);
    await scenario.idle();
    assert.deepEqual(await report(published), { delivered: 20, gone: 0, failed: 0, pending: 0 });
  });

  for (const [how, failing, reason] of [
    ["throws each time", () => Promise.resolve(403), new PostForbidden().message],
    ["is killed each time", undefined, `not done in ${maxReceives} receives`],
  ] as const) {
    it(`has a range as failed whose job ${how}, and in the dead letters with the reason`, async () => {
      let runs = 0;
      await start({
        fanout: async (all, records) => {
          runs += 1;
          if (failing === undefined && runs <= maxReceives) {
            return killedAt({ step: "read", after: 1 }, all, records);
          }
          const { system } = all;
          const connections = { ...system.connections, post: failing ?? system.connections.post };
          try {
            return await fanout({ system: { ...system, connections } }, records);
          } catch {
            return { outcome: "failed", errorType: "Error", errorMessage: "failed" };
          }
        },
      });
      await connect(scenario, 10);
      const published = await publishAndSettle(scenario);
      assert.equal(runs, failing === undefined ? maxReceives + 1 : maxReceives);
      assert.deepEqual(await report(published), { delivered: 4, gone: 0, failed: 1, pending: 0 });
      const [job = assert.fail(), ...others] = await deadJobs(scenario);
      assert.deepEqual([others, job.reason, idsIn(job)], [[], reason, []]);
      assert.ok("range" in job.to);
    });
  }
});
