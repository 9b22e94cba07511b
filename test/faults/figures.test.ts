import assert from "node:assert/strict";
import { publish } from "../../handlers/delivery/publish.ts";
import { deliveriesOf, readJob } from "../../handlers/delivery/job.ts";
import { messageId } from "../../handlers/protocol/message.ts";
import { figuresIn, measure } from "../support/measured.ts";
import { idsIn } from "../support/recorded-system.ts";
import { bad, connect, content, fanout, idOf, seeded } from "./faulty.ts";
import { killedAt } from "./killed.ts";
import { startScenario, type QueueRecord, type Scenario } from "./scenario.ts";

describe("the figures of delivery under faults", function () {
  this.timeout(120_000);
  let scenario: Scenario;
  let measured: ReturnType<typeof measure>;
  afterEach(async () => {
    measured.end();
    await scenario.close();
  });

  it("are what clients got, who was gone, what the queue took and what it gave up, to the last one", async () => {
    const isGone = (id: string) => Number(id.slice(0, 3)) % 7 === 0;
    const unlucky = [idOf(5), idOf(150)];
    const random = seeded(11);
    /** Deliveries of each job that the queue has had, by its message and its id. */
    const queued = new Map<string, number>();
    let isThrottled = false;
    let runs = 0;
    let isSecond = false;

    const noted = (records: QueueRecord[]) => {
      for (const job of records.map(({ body }) => readJob(body))) {
        queued.set(`${messageId(job.message)} ${job.id}`, deliveriesOf(job));
      }
    };
    scenario = await startScenario({
      inlineRecipients: 60,
      fate: (id) => (isGone(id) ? 410 : unlucky.includes(id) ? 429 : bad(random())),
      fault: () => (isThrottled && random() < 0.03 ? { type: "ThrottlingException" } : undefined),
      async fanout(all, records) {
        noted(records);
        runs += 1;
        // One instance ends in the middle of its job; another job is done, and SQS gives it once more.
        if (runs === 1) return killedAt({ step: "post", after: 20 }, all, records);
        const result = await fanout(all, records);
        if (runs === 2) {
          isSecond = true;
          await fanout(all, records);
        }
        return result;
      },
    });
    const ids = await connect(scenario, 200);
    measured = measure(scenario.system.clock);
    isThrottled = true;
    const texts = ["one", "two", "three"];
    const answers = [];
    for (const text of texts) {
      answers.push(await scenario.during(publish(scenario.system, "test", { ...content, text })));
      await scenario.idle();
    }
    isThrottled = false;
    assert.ok(runs > 5 && isSecond);

    const frames = [...scenario.connections.frames.values()];
    const delivered = frames.reduce((sum, got) => sum + new Set(got).size, 0);
    const live = ids.filter((id) => !isGone(id) && !unlucky.includes(id));
    assert.equal(delivered, texts.length * live.length);
    const dead = (await scenario.receiveDead()).map(readJob);
    const queuedInAll = [...queued.values()].reduce((sum, count) => sum + count, 0);
    const inline = answers.reduce((sum, answer) => sum + answer.delivered, 0);

    const counts = ["MessagesPublished", "BytesPublished", "Deliveries", "Gone", "Queued"] as const;
    assert.deepEqual(figuresIn(measured.store, [...counts, "GivenUp"]), {
      MessagesPublished: texts.length,
      BytesPublished: texts.join("").length,
      Deliveries: delivered,
      Gone: ids.filter(isGone).length,
      Queued: queuedInAll,
      GivenUp: texts.length * unlucky.length,
    });
    assert.deepEqual(dead.flatMap(idsIn).sort(), texts.flatMap(() => unlucky).sort());
    assert.deepEqual(
      figuresIn(measured.store, ["PublishLatency", "QueuedDeliveryLatency"], "SampleCount"),
      { PublishLatency: texts.length, QueuedDeliveryLatency: delivered - inline },
    );
    // Who is gone is removed once, whoever finds that, and was a connection before.
    assert.deepEqual(figuresIn(measured.store, ["ConnectionsClosed", "ConnectionsEnded"]), {
      ConnectionsClosed: ids.filter(isGone).length,
      ConnectionsEnded: ids.filter(isGone).length,
    });
  });
});
