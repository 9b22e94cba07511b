import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asset } from "@pulumi/pulumi";
import { bundle } from "../infra/bundle.ts";
import type { Measure } from "./figure.ts";
import { median, rounds } from "./rounds.ts";
import { credentials, region } from "./sender.ts";

const functions = ["websocket", "http", "fanout"];

/** Beside them, by its path from handlers/: so it is bundled exactly as they are. */
const sdkAlone = "../bench/sdk-clients";

/** All that the functions read when they are loaded; nothing is called at any of these. */
const environment = {
  NODE_OPTIONS: "--enable-source-maps",
  POWERTOOLS_SERVICE_NAME: "bench",
  TABLE_NAME: "channels",
  CONNECTIONS_ENDPOINT: "http://127.0.0.1:9/bench",
  WEBSOCKET_URL: "ws://127.0.0.1:9/bench",
  DELIVERY_QUEUE_URL: "http://127.0.0.1:9/000000000000/deliveries",
  DEAD_LETTER_QUEUE_URL: "http://127.0.0.1:9/000000000000/dead-letters",
  DELIVERY_CONCURRENCY: "256",
  INLINE_RECIPIENTS: "1000",
  DEFAULT_CHANNEL: "test",
  HISTORY_SECONDS: "300",
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken,
  // Lambda runs Node 24; here it may be 20, of which the SDK warns.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
};

/** Time of a whole process that loads our largest bundle, and of one that loads the AWS SDK alone. */
export const coldStart: Measure = async (progress) => {
  progress("bundling");
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  try {
    const bundles = await Promise.all(functions.map((name) => unpack(name, join(folder, name))));
    const [largest] = bundles.toSorted((a, b) => b.bytes - a.bytes);
    const sdk = await unpack(sdkAlone, join(folder, "sdk"));
    if (largest === undefined) throw new Error("There is no bundle.");
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

/** Writes the archive of a function into a folder, as Lambda does. */
async function unpack(name: string, folder: string) {
  await mkdir(folder);
  let bytes = 0;
  for (const [path, file] of Object.entries(await bundle(name).assets)) {
    if (!(file instanceof asset.StringAsset)) throw new Error(`${path} is no text.`);
    const text = await file.text;
    await writeFile(join(folder, path), text);
    if (path === "index.mjs") bytes = Buffer.byteLength(text);
  }
  return { name, file: join(folder, "index.mjs"), bytes };
}

/** Milliseconds from starting Node to its end. */
async function load(file: string): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [file], { env: environment, stdio: "inherit" });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`Loading ${file} ended with ${code}.`);
  return performance.now() - start;
}
