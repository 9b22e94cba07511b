import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe } from "../local/graph/describe.ts";
import type { FunctionDescription } from "../local/graph/description.ts";
import { runProgram } from "../local/graph/program.ts";
import { readStackConfig } from "../local/graph/stack-config.ts";
import { bundle } from "../tools/bundle.ts";
import type { Measure } from "./figure.ts";
import { median, rounds } from "./rounds.ts";
import { credentials, region } from "./sender.ts";

const projectFolder = fileURLToPath(new URL("..", import.meta.url));

/** The variables that Lambda itself sets, and one that stops the SDK's warning about Node 20. */
const platformEnvironment = {
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken,
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
};

/** Measures a whole process that loads our largest bundle, and one that loads the AWS SDK alone. */
export const coldStart: Measure = async (progress) => {
  progress("bundling");
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  try {
    const functions = await declaredFunctions();
    const bundles = await Promise.all(
      functions.map(({ name, codeFolder }) => sized(name.replace(/-.*/, ""), codeFolder)),
    );
    const [largest] = bundles.toSorted((a, b) => b.bytes - a.bytes);
    if (largest === undefined) throw new Error("There is no bundle.");
    const sdk = await sized("sdk-clients", await sdkAlone(folder));
    // A process that only loads calls none of the services that the environment names.
    const environment = { ...functions[0]?.environment, ...platformEnvironment };
    const load = (file: string) => loadIn(environment, file);
    const measure = async () => ({ ours: await load(largest.file), sdk: await load(sdk.file) });
    const measured = await rounds(15, measure, progress);
    return [
      {
        what: `Cold start: loading ${largest.name}, of loading its AWS SDK clients alone`,
        value: median(measured.map(({ ours, sdk }) => ours / sdk)),
        unit: "x",
        goal: { atMost: 1.25 },
      },
      {
        what: `Process that loads ${largest.name}`,
        value: median(measured.map(({ ours }) => ours)),
        unit: "ms",
      },
      {
        what: "Process that loads the AWS SDK clients",
        value: median(measured.map(({ sdk }) => sdk)),
        unit: "ms",
      },
      ...bundles.map(({ name, bytes }) => ({
        what: `Bundle of ${name}`,
        value: bytes / 1000,
        unit: "kB" as const,
      })),
      { what: "Bundle of the AWS SDK clients", value: sdk.bytes / 1000, unit: "kB" },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** Returns the functions of the staging stack, as they would be uploaded. */
async function declaredFunctions(): Promise<FunctionDescription[]> {
  const config = await readStackConfig(projectFolder, "staging");
  const nowhere = "127.0.0.1:9";
  const cloud = {
    ...{ region, accountId: "000000000000", sqsOrigin: `http://${nowhere}` },
    ...{ webSocketOrigin: `ws://${nowhere}`, httpOrigin: `http://${nowhere}` },
  };
  const { resources } = await runProgram(config, cloud);
  return (await describe(config, cloud, resources)).functions;
}

/** Bundles the SDK's clients exactly as the handlers are; returns the folder of the archive. */
async function sdkAlone(folder: string): Promise<string> {
  await cp(join(projectFolder, "bench/sdk-clients.ts"), join(folder, "handlers/sdk-clients.ts"));
  await symlink(join(projectFolder, "node_modules"), join(folder, "node_modules"));
  const bundles = await bundle(folder, "handlers");
  return join(folder, bundles["sdk-clients"] ?? "");
}

async function sized(name: string, folder: string) {
  const file = join(folder, "index.mjs");
  return { name, file, bytes: (await stat(file)).size };
}

/** Returns the milliseconds from the start of Node to its end. */
async function loadIn(env: Record<string, string>, file: string): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [file], { env, stdio: "inherit" });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`Loading ${file} ended with ${code}.`);
  return performance.now() - start;
}
