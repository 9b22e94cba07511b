/**
 * `npm run soak`: delivery under faults, again and again with other chances, for three minutes (or
 * SOAK_MINUTES). Prints what became of all the messages; exit code 1 where one was lost.
 */
import { connect, bad, deadJobs, fanout, publishAndSettle, seeded } from "./faulty.ts";
import { killedAt } from "./killed.ts";
import { startScenario } from "./scenario.ts";

const minutes = Number(process.env.SOAK_MINUTES ?? 3);
const end = Date.now() + minutes * 60_000;
const counts = {
  rounds: 0,
  subscribers: 0,
  reached: 0,
  twice: 0,
  gone: 0,
  lost: 0,
  stale: 0,
  dead: 0,
};

while (Date.now() < end) {
  const random = seeded(counts.rounds);
  const isGone = (id: string) => Number(id.slice(0, 3)) % 3 === 0;
  const losses = Math.floor(random() * 3);
  let fanouts = 0;
  let isThrottled = false;
  const scenario = await startScenario({
    inlineRecipients: Math.ceil(random() * 300),
    fate: (id) => (isGone(id) ? 410 : bad(random())),
    fault: () => (isThrottled && random() < 0.03 ? { type: "ThrottlingException" } : undefined),
    fanout: (all, bodies) =>
      fanouts++ < losses
        ? killedAt({ step: "post", after: Math.floor(random() * 100) }, all, bodies)
        : fanout(all, bodies),
  });
  const ids = await connect(scenario, 300);
  isThrottled = true;
  await publishAndSettle(scenario);
  isThrottled = false;
  const items = await scenario.items();
  for (const id of ids) {
    const times = scenario.connections.frames.get(id)?.length ?? 0;
    if (isGone(id)) {
      counts.gone += 1;
      counts.stale += items.filter((item) => item.includes(id)).length;
    } else if (times === 0) counts.lost += 1;
    else {
      counts.reached += 1;
      counts.twice += times - 1;
    }
  }
  counts.rounds += 1;
  counts.subscribers += ids.length;
  counts.dead += (await deadJobs(scenario)).length;
  await scenario.close();
  console.error(JSON.stringify(counts));
}
console.log(JSON.stringify(counts));
if (counts.lost + counts.stale > 0) process.exitCode = 1;
