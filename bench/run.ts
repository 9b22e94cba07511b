/**
 * `npm run bench`: measures what the README of this folder describes, and prints one table;
 * `-- --json` prints one JSON object instead, `-- --only cpu,reach` measures only these.
 * A goal that is missed is a result like any other: exit code 1 says that something failed.
 */
import { parseArgs } from "node:util";
import { clientSize } from "./client-size.ts";
import { coldStart } from "./cold-start.ts";
import { cpu } from "./cpu.ts";
import { devLoop } from "./dev-loop.ts";
import { fanOut } from "./fan-out.ts";
import { isMet, type Figure, type Measure } from "./figure.ts";
import { machine } from "./machine.ts";
import { million } from "./million.ts";
import { reach } from "./reach.ts";
import { sockets } from "./sockets.ts";
import { figureTable } from "./table.ts";

const measures = new Map<string, Measure>([
  ["cpu", cpu],
  ["reach", reach],
  ["cold-start", coldStart],
  ["fan-out", fanOut],
  ["sockets", sockets],
  ["dev-loop", devLoop],
  ["client-size", clientSize],
  ["million", million],
]);

/** What takes so long that only its name asks for it. */
const byNameOnly = ["million"];

async function main(): Promise<void> {
  const options = { json: { type: "boolean" }, only: { type: "string" } } as const;
  const { json = false, only } = parseArgs({ options }).values;
  const usual = [...measures.keys()].filter((name) => !byNameOnly.includes(name));
  const names = only === undefined ? usual : only.split(",");
  const chosen = names.map((name) => ({ name, measure: find(name) }));

  const figures: (Figure & { measure: string })[] = [];
  for (const { name, measure } of chosen) {
    const measured = await measure((text) => {
      console.error(`${name}: ${text}`);
    });
    figures.push(...measured.map((figure) => ({ measure: name, ...figure })));
  }

  const { cpu, cores, system, node } = machine();
  if (json) {
    const judged = figures.map((figure) => ({ ...figure, met: isMet(figure) }));
    console.log(JSON.stringify({ machine: { cpu, cores, system, node }, figures: judged }));
  } else {
    console.log(`${cpu}, ${cores} cores, ${system}, Node ${node}\n\n${figureTable(figures)}`);
  }
}

function find(name: string): Measure {
  const measure = measures.get(name);
  if (measure !== undefined) return measure;
  throw new Error(`--only "${name}" is unknown: there are ${[...measures.keys()].join(", ")}.`);
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
