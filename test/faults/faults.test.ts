import assert from "node:assert/strict";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { addConnection } from "../../handlers/channels/connection.ts";
import { readJob } from "../../handlers/channels/job.ts";
import { publish } from "../../handlers/channels/publish.ts";
import { work } from "../../handlers/channels/work.ts";
import type { InvokeResult } from "../../local/invoke.ts";
import type { Fate } from "./fake-connections.ts";
import { startScenario } from "./scenario.ts";
import type { Scenario, ScenarioOptions } from "./scenario.ts";

const content = { text: "hello", json: false };

describe("delivery under faults", function () {
  this.timeout(60_000);
  let scenario: Scenario;
  afterEach(() => scenario.close());

  async function start(options: Partial<ScenarioOptions> & Pick<ScenarioOptions, "fate">) {
    scenario = await startScenario({ inlineRecipients: 100, fanout, ...options });
  }

  async function connect(count: number): Promise<string[]> {
    const { table, time } = scenario.system;
    const connectedAt = time.now() - 60_000;
    const ids = Array.from({ length: count }, (_, index) => idOf(index));
    const connection = { connectedAt, json: false };
    await Promise.all(
      ids.map((connectionId) => addConnection(table, { connectionId, ...connection }, ["test"])),
    );
    return ids;
  }

  async function publishAndSettle() {
    const { system } = scenario;
    const published = await scenario.during(publish(system, "test", content));
    await scenario.idle();
    return published;
  }

  async function deadJobs() {
    const { client, url: QueueUrl } = scenario.deadLetters;
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
    const { Messages = [] } = await client.send(receive);
    return Messages.map(({ Body = "" }) => readJob(Body));
  }

  it("reaches everyone who lives, and forgets everyone who is gone", async () => {
    const isGone = (id: string) => Number(id.slice(0, 3)) % 3 === 0;
    const random = seeded(7);
    let fanouts = 0;
    let isThrottled = false;
    await start({
      fate: (id) => (isGone(id) ? 410 : bad(random())),
      fault: () => (isThrottled && random() < 0.03 ? { type: "ThrottlingException" } : undefined),
      // The first instance is lost in the middle of its job: SQS hears of none of it.
      fanout: async (all, bodies) => {
        fanouts += 1;
        return fanouts === 1 ? lostAfter(20, all, bodies) : fanout(all, bodies);
      },
    });
    const ids = await connect(300);
    isThrottled = true;
    const published = await publishAndSettle();

    isThrottled = false;
    assert.equal(published.queued >= 200, true, JSON.stringify(published));
    assert.ok(fanouts > 1);
    const live = ids.filter((id) => !isGone(id)).sort();
    assert.deepEqual([...scenario.connections.frames.keys()].sort(), live);
    const frames = [...scenario.connections.frames.values()].flat();
    assert.deepEqual([...new Set(frames)], ["hello"]);

    const rows = live.flatMap((id) => [`channel#test#0 ${id}`, `connection#${id} connection`]);
    assert.deepEqual(await scenario.items(), ["channel#test channel", ...rows].sort());
    assert.deepEqual(await deadJobs(), []);
  });

  it("gives up who can never be reached, with the reason, and serves everyone else", async () => {
    const unlucky = idOf(5);
    await start({ fate: (id) => (id === unlucky ? 429 : 200) });
    const ids = await connect(20);
    const { delivered, gone, queued } = await publishAndSettle();
    assert.deepEqual({ delivered, gone, queued }, { delivered: 19, gone: 0, queued: 1 });

    const served = [...scenario.connections.frames.keys()].sort();
    assert.deepEqual(served, ids.filter((id) => id !== unlucky).sort());
    const dead = await deadJobs();
    assert.deepEqual(
      dead.map(({ recipients, attempt, reason, message }) => [
        recipients.map(({ connectionId }) => connectionId),
        ...[attempt, reason, message.text],
      ]),
      [[[unlucky], 10, "status 429", "hello"]],
    );
  });

  it("fails the publish where it may not post at all", async () => {
    await start({ fate: () => 403 });
    await connect(3);
    const publishing = scenario.during(publish(scenario.system, "test", content));
    await assert.rejects(publishing, { name: "PostForbidden" });
  });

  it("fails the publish where the queue does not take the rest", async () => {
    await start({ fate: () => 200, inlineRecipients: 2 });
    await connect(5);
    const nowhere = { ...scenario.system.deliveries };
    nowhere.url = nowhere.url.replace("deliveries-local", "nowhere");
    const system = { ...scenario.system, deliveries: nowhere };
    const publishing = scenario.during(publish(system, "test", content));
    await assert.rejects(publishing, { name: "QueueDoesNotExist" });
  });
});

/** Each is 16 characters long, as API Gateway's are, and begins with its number. */
function idOf(index: number): string {
  return `${String(index).padStart(3, "0")}OL9cOFvHcCIh=`;
}

/** 10 % throttled, 5 % hanging, 2 % broken. */
function bad(chance: number): Fate {
  if (chance < 0.1) return 429;
  if (chance < 0.15) return "hang";
  return chance < 0.17 ? 500 : 200;
}

async function fanout(scenario: Scenario, bodies: string[]): Promise<InvokeResult> {
  const { system, deadLetters } = scenario;
  const until = system.time.now() + 50_000;
  for (const body of bodies) await work(system, deadLetters, body, until);
  return { outcome: "returned", value: { batchItemFailures: [] } };
}

/** An instance that ends after so many posts, whatever it was at. */
function lostAfter(posts: number, scenario: Scenario, bodies: string[]): Promise<InvokeResult> {
  return new Promise((resolve) => {
    let made = 0;
    const post: Scenario["system"]["post"] = (...frame) => {
      made += 1;
      if (made <= posts) return scenario.system.post(...frame);
      resolve({ outcome: "failed", errorType: "Runtime.ExitError", errorMessage: "lost" });
      return new Promise(() => undefined);
    };
    const system = { ...scenario.system, post };
    void fanout({ ...scenario, system }, bodies);
  });
}

/** The same numbers from 0 to below 1 each time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
