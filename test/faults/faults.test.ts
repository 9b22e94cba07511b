import assert from "node:assert/strict";
import { publish } from "../../handlers/delivery/publish.ts";
import {
  bad,
  connect,
  content,
  deadJobs,
  fanout,
  idOf,
  publishAndSettle,
  seeded,
} from "./faulty.ts";
import { idsIn } from "../support/recorded-system.ts";
import { killedAt } from "./killed.ts";
import { startScenario, type Scenario, type ScenarioOptions } from "./scenario.ts";
import { channelItem } from "../support/channel-item.ts";

describe("delivery under faults", function () {
  this.timeout(60_000);
  let scenario: Scenario;
  afterEach(() => scenario.close());

  async function start(options: Partial<ScenarioOptions> & Pick<ScenarioOptions, "fate">) {
    scenario = await startScenario({ inlineRecipients: 100, fanout, ...options });
  }

  it("reaches everyone who lives, and forgets everyone who is gone", async () => {
    const isGone = (id: string) => Number(id.slice(0, 3)) % 3 === 0;
    const random = seeded(7);
    let fanouts = 0;
    let isThrottled = false;
    await start({
      fate: (id) => (isGone(id) ? 410 : bad(random())),
      fault: () => (isThrottled && random() < 0.03 ? { type: "ThrottlingException" } : undefined),
      // The first instance ends in the middle of its job, and SQS gets no report of it.
      fanout: async (all, records) => {
        fanouts += 1;
        return fanouts === 1
          ? killedAt({ step: "post", after: 20 }, all, records)
          : fanout(all, records);
      },
    });
    const ids = await connect(scenario, 300);
    isThrottled = true;
    const published = await publishAndSettle(scenario);

    isThrottled = false;
    assert.equal(published.pending >= 1, true, JSON.stringify(published));
    assert.ok(fanouts > 1);
    const live = ids.filter((id) => !isGone(id)).sort();
    assert.deepEqual([...scenario.connections.frames.keys()].sort(), live);
    const frames = [...scenario.connections.frames.values()].flat();
    assert.deepEqual([...new Set(frames)], ["hello"]);

    const rows = live.flatMap((id) => [`channel#test#0 ${id}`, `connection#${id} connection`]);
    const items = (await scenario.items()).filter((item) => !item.startsWith("delivery#"));
    assert.deepEqual(items, [channelItem("test"), ...rows].sort());
    assert.deepEqual(await deadJobs(scenario), []);
  });

  it("gives up who can never be reached, with the reason, and serves everyone else", async () => {
    const unlucky = idOf(5);
    await start({ fate: (id) => (id === unlucky ? 429 : 200) });
    const ids = await connect(scenario, 20);
    const { delivered, gone, pending } = await publishAndSettle(scenario);
    assert.deepEqual({ delivered, gone, pending }, { delivered: 19, gone: 0, pending: 1 });

    const served = [...scenario.connections.frames.keys()].sort();
    assert.deepEqual(served, ids.filter((id) => id !== unlucky).sort());
    const dead = await deadJobs(scenario);
    assert.deepEqual(
      dead.map((job) => [idsIn(job), job.attempt, job.reason, job.message.text]),
      [[[unlucky], 10, "status 429", "hello"]],
    );
  });

  it("fails the publish where it may not post at all", async () => {
    await start({ fate: () => 403 });
    await connect(scenario, 3);
    const publishing = scenario.during(publish(scenario.system, "test", content));
    await assert.rejects(publishing, { name: "PostForbidden" });
  });

  it("fails the publish where the queue does not take the rest", async () => {
    await start({ fate: () => 200, inlineRecipients: 2 });
    await connect(scenario, 5);
    const system = { ...scenario.system, deliveries: scenario.openQueue("nowhere") };
    const publishing = scenario.during(publish(system, "test", content));
    await assert.rejects(publishing, { name: "QueueDoesNotExist" });
  });
});
