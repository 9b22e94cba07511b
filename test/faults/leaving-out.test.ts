import assert from "node:assert/strict";
import { readJob, type Job } from "../../handlers/delivery/job.ts";
import { publish } from "../../handlers/delivery/publish.ts";
import { addConnection } from "../../handlers/store/connecting.ts";
import { itemsEnd } from "../../handlers/store/connection.ts";
import { readReport } from "../../handlers/store/delivery-report.ts";
import { connect, content, fanout, idOf } from "./faulty.ts";
import { startScenario, type Scenario } from "./scenario.ts";

/** Posts to a connection that are throttled before one is not: more than a job makes. */
const throttledPosts = 5;

describe("who is left out of a publish", function () {
  this.timeout(60_000);
  let scenario: Scenario;
  let jobs: Job[];
  let posts: Map<string, number>;
  afterEach(() => scenario.close());

  /** Starts with 30 subscribers, and one more that wants no echo. */
  const start = async (inlineRecipients: number, isThrottled: (id: string) => boolean) => {
    jobs = [];
    posts = new Map();
    scenario = await startScenario({
      ...{ inlineRecipients, pageItems: 7 },
      fate(id) {
        const made = (posts.get(id) ?? 0) + 1;
        posts.set(id, made);
        return isThrottled(id) && made <= throttledPosts ? 429 : 200;
      },
      fanout(all, records) {
        jobs.push(...records.map(({ body }) => readJob(body)));
        return fanout(all, records);
      },
    });
    const { table, clock } = scenario.system;
    const connectedAt = clock.now() - 60_000;
    const quiet = { connectionId: idOf(30), protocol: "plain", echo: false, connectedAt } as const;
    await addConnection(table, { ...quiet, expiresAt: itemsEnd(connectedAt) }, ["test"]);
    return [...(await connect(scenario, 30)), quiet.connectionId];
  };
  /** Publishes as the one without echo, excludes another, and waits for the queue. */
  const publishAndReport = async (exclude: string) => {
    const options = { from: idOf(30), exclude };
    const published = await scenario.during(publish(scenario.system, "test", content, options));
    await scenario.idle();
    const report = await readReport(scenario.system.table, "test", published.id);
    const { delivered, gone, failed, pending } = report ?? assert.fail("no report");
    return { pending: published.pending, counts: [delivered, gone, failed, pending] };
  };

  it("gets it from no range of the table either, and no report counts it", async () => {
    const ids = await start(4, () => false);
    const { pending, counts } = await publishAndReport(idOf(17));
    assert.deepEqual([pending, counts], [1, [29, 0, 0, 0]]);
    const others = ids.filter((id) => id !== idOf(17) && id !== idOf(30));
    assert.deepEqual([...posts.keys()].sort(), others);
    assert.ok(jobs.filter(({ to }) => "range" in to).length > 1, "The range was not halved.");
  });

  for (const inlineRecipients of [100, 1]) {
    it(`gets it from no job for whom posts have not reached, with ${inlineRecipients} served at once`, async () => {
      const ids = await start(inlineRecipients, (id) => id > idOf(10));
      const { counts } = await publishAndReport(idOf(17));
      assert.deepEqual(counts, [29, 0, 0, 0]);
      const others = ids.filter((id) => id !== idOf(17) && id !== idOf(30));
      assert.deepEqual([...scenario.connections.frames.keys()].sort(), others);
      assert.equal(posts.get(idOf(20)), throttledPosts + 1);
      const named = jobs.flatMap(({ to }) => ("subscribers" in to ? to.subscribers : []));
      assert.ok(named.some(({ connectionId }) => connectionId === idOf(20)));
    });
  }
});
