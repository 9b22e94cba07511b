/**
 * `npm run soak`: runs random clients and back ends on the real local stack for two minutes (or
 * SOAK_MINUTES), and compares what each has seen and what each row says with a plain model. Each round has a
 * seed, and with it a profile of what goes wrong. The exit code is 1 if anything was missed, told falsely,
 * left behind or lost; the events before it are printed.
 *
 * SOAK_SEED=<seed> runs one round again, with the same decisions; SOAK_PROFILE=<name> fixes the profile.
 */
import { profiles, type Profile } from "./soak/profile.ts";
import { counted, grouped, ofKind, table, violationReport } from "./soak/report.ts";
import type { Violation } from "./soak/records.ts";
import { runRound } from "./soak/round.ts";

const { SOAK_MINUTES, SOAK_SEED, SOAK_PROFILE } = process.env;
const startedAt = Date.now();
const endsAt = startedAt + Number(SOAK_MINUTES ?? 2) * 60_000;
const firstSeed = SOAK_SEED === undefined ? (startedAt % 1_000_000) * 100 : Number(SOAK_SEED);

const violations: Violation[] = [];
const operations = new Map<string, number>();
const faults = new Map<string, number>();
const sums = {
  rounds: 0,
  clients: 0,
  dead: 0,
  acknowledged: 0,
  expected: 0,
  seen: 0,
  duplicates: 0,
  needless: 0,
};

for (
  let seed = firstSeed;
  seed === firstSeed || (SOAK_SEED === undefined && Date.now() < endsAt);
  seed++
) {
  const profile = profileOf(seed);
  const began = Date.now();
  const round = await runRound(seed, profile);
  sums.rounds += 1;
  sums.clients += round.model.clients.size;
  sums.dead += round.dead;
  for (const key of ["acknowledged", "expected", "seen", "duplicates", "needless"] as const) {
    sums[key] += round.counts[key];
  }
  add(operations, round.operations);
  add(faults, round.faults);
  violations.push(...round.violations);
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  const found = round.violations.length;
  console.log(
    `seed ${seed}  ${profile.name.padEnd(13)}  ${seconds.padStart(3)} s  ${round.model.clients.size} clients  ${round.counts.seen} deliveries  ${found} wrong`,
  );
  if (found > 0) {
    const fixed = SOAK_PROFILE === undefined ? "" : `SOAK_PROFILE=${SOAK_PROFILE} `;
    console.log(violationReport(round, `${fixed}SOAK_SEED=${seed} npm run soak`));
  }
}

console.log(
  `\n${table([
    ["seconds", Math.round((Date.now() - startedAt) / 1000)],
    ["seeds", `${firstSeed} to ${firstSeed + sums.rounds - 1}`],
    ["clients", sums.clients],
    ["operations", counted(operations)],
    ["faults", counted(faults)],
    ["messages acknowledged", sums.acknowledged],
    ["deliveries expected", sums.expected],
    ["deliveries seen", sums.seen],
    ["duplicates", sums.duplicates],
    ["recovered: false, needlessly", sums.needless],
    ["dead letters", sums.dead],
    ["deaf", ofKind(violations, "deaf")],
    ["told false", ofKind(violations, "false")],
    ["rows left", ofKind(violations, "left")],
    ["lost", ofKind(violations, "lost")],
  ])}`,
);
for (const [rule, ofRule] of grouped(violations, ({ kind, rule }) => `${kind}: ${rule}`)) {
  console.log(`${rule}: ${ofRule.length}`);
}
if (violations.length > 0) process.exitCode = 1;

function profileOf(seed: number): Profile {
  const named = profiles.find(({ name }) => name === SOAK_PROFILE);
  const profile = SOAK_PROFILE === undefined ? profiles[seed % profiles.length] : named;
  if (profile !== undefined) return profile;
  throw new Error(`SOAK_PROFILE takes ${profiles.map(({ name }) => name).join(", ")}.`);
}

function add(sum: Map<string, number>, counts: ReadonlyMap<string, number>): void {
  for (const [name, count] of counts) sum.set(name, (sum.get(name) ?? 0) + count);
}
