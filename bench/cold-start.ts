import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe } from "../local/graph/describe.ts";
import type { FunctionDescription } from "../local/graph/description.ts";
import { runProgram } from "../local/graph/program.ts";
import { readStackConfig } from "../local/graph/stack-config.ts";
import { bundle } from "../tools/bundle.ts";
import type { Measure } from "./figure.ts";
import { loadedFiles } from "./loaded-files.ts";
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

const sdkName = "the AWS SDK clients";

/** The functions that answer clients, who wait for their cold starts. */
const answering = ["http", "websocket"];

/** Measures whole processes that load what answers clients, and one that loads the AWS SDK alone. */
export const coldStart: Measure = async (progress) => {
  progress("bundling");
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  try {
    const functions = await declaredFunctions();
    const ours = await Promise.all(
      functions.map(({ codeFolder }) => sized(basename(codeFolder), codeFolder)),
    );
    const sdk = await sized(sdkName, await sdkAlone(folder, { splitting: false }));
    const splitSdk = await sized(`${sdkName}, in chunks`, await sdkAlone(folder));
    // A process that only loads calls none of the services that the environment names.
    const environment = { ...functions[0]?.environment, ...platformEnvironment };
    const compared = [...ours.filter(({ name }) => answering.includes(name)), sdk, splitSdk];
    const measured = await rounds(15, () => loadEach(environment, compared), progress);
    const times = (name: string) => measured.map((round) => round.get(name) ?? NaN);
    return [
      ...answering.map((name) => ({
        what: `Cold start: loading ${name}, of loading the AWS SDK clients alone`,
        value: median(times(name).map((time, index) => time / (times(sdk.name)[index] ?? NaN))),
        unit: "x" as const,
        goal: { atMost: 1 },
      })),
      ...compared.map(({ name }) => ({
        what: `Process that loads ${name}`,
        value: median(times(name)),
        unit: "ms" as const,
      })),
      ...[...ours, sdk].flatMap(({ name, loadedBytes, bytes }) => [
        { what: `Code of ${name} that is loaded`, value: loadedBytes / 1000, unit: "kB" as const },
        { what: `Code of ${name} in all`, value: bytes / 1000, unit: "kB" as const },
      ]),
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

/** Bundles the SDK's clients as the handlers are, or in one file; returns the archive's folder. */
async function sdkAlone(folder: string, options?: { splitting: boolean }): Promise<string> {
  const project = await mkdtemp(join(folder, "sdk-"));
  await cp(join(projectFolder, "bench/sdk-clients.ts"), join(project, "handlers/sdk-clients.ts"));
  await symlink(join(projectFolder, "node_modules"), join(project, "node_modules"));
  const bundles = await bundle(project, "handlers", options);
  return join(project, bundles["sdk-clients"] ?? "");
}

type Code = {
  name: string;
  file: string;
  /** Of the code that is loaded before the first event. */
  loadedBytes: number;
  /** Of all code of the archive. */
  bytes: number;
};

async function sized(name: string, folder: string): Promise<Code> {
  const file = join(folder, "index.mjs");
  const all = await readdir(folder, { recursive: true });
  const code = all.filter((path) => path.endsWith(".mjs")).map((path) => join(folder, path));
  return {
    ...{ name, file },
    loadedBytes: await bytesOf(await loadedFiles(file)),
    bytes: await bytesOf(code),
  };
}

async function bytesOf(files: string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Returns how long each takes, by name. */
async function loadEach(env: Record<string, string>, codes: Code[]): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const { name, file } of codes) times.set(name, await loadIn(env, file));
  return times;
}

/** Returns the milliseconds from the start of Node to its end. */
async function loadIn(env: Record<string, string>, file: string): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [file], { env, stdio: "inherit" });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`Loading ${file} ended with ${code}.`);
  return performance.now() - start;
}
