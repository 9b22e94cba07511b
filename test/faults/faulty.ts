import { addConnection } from "../../handlers/store/connecting.ts";
import { itemsEnd } from "../../handlers/store/connection.ts";
import { readJob, type Job } from "../../handlers/delivery/job.ts";
import { publish, type Published } from "../../handlers/delivery/publish.ts";
import { work } from "../../handlers/delivery/worker.ts";
import type { InvokeResult } from "../../local/shared/invoke.ts";
import type { Fate } from "./fake-connections.ts";
import type { QueueRecord, Scenario } from "./scenario.ts";

export const content = { text: "hello", isJson: false };

/** Writes the items of `count` connections, a minute old and on the channel "test"; returns their ids. */
export async function connect(scenario: Scenario, count: number): Promise<string[]> {
  const { table, clock } = scenario.system;
  const connectedAt = clock.now() - 60_000;
  const ids = Array.from({ length: count }, (_, index) => idOf(index));
  const protocol = "plain" as const;
  const connection = { connectedAt, protocol, expiresAt: itemsEnd(connectedAt) };
  await Promise.all(
    ids.map((connectionId) => addConnection(table, { connectionId, ...connection }, ["test"])),
  );
  return ids;
}

/** Publishes, and waits until the queue has nothing left to deliver. */
export async function publishAndSettle(scenario: Scenario): Promise<Published> {
  const published = await scenario.during(publish(scenario.system, "test", content));
  await scenario.idle();
  return published;
}

/** Returns up to ten jobs of the dead-letter queue. */
export async function deadJobs(scenario: Scenario): Promise<Job[]> {
  return (await scenario.receiveDead()).map(readJob);
}

/** Returns an id of 16 characters, as long as API Gateway's, that begins with its number. */
export function idOf(index: number): string {
  return `${String(index).padStart(3, "0")}OL9cOFvHcCIh=`;
}

/** Throttles 10 % of the posts, hangs 5 %, fails 2 %. */
export function bad(chance: number): Fate {
  if (chance < 0.1) return 429;
  if (chance < 0.15) return "hang";
  return chance < 0.17 ? 500 : 200;
}

export async function fanout(
  { system }: Pick<Scenario, "system">,
  records: QueueRecord[],
): Promise<InvokeResult> {
  const until = system.clock.now() + 50_000;
  for (const { body, attributes } of records) {
    const receives = Number(attributes.ApproximateReceiveCount);
    await work(system, body, { until, receives });
  }
  return { outcome: "returned", value: { batchItemFailures: [] } };
}

/** Returns a generator of numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
