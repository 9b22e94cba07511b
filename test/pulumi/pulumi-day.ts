import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { copyProject, projectFolder } from "../support/project-copy.ts";
import type { Operation } from "./provider/aws-provider.ts";

/** How a command ended; `output` is what it wrote to both streams. */
export type Ended = { code: number | null; stdout: string; output: string };

/** A copy of the project in which the real Pulumi CLI works, logged in to a folder of its own. */
export type PulumiDay = {
  /** The copy of the project. */
  folder: string;
  /** Runs `pulumi` with these arguments. */
  pulumi(...args: string[]): Promise<Ended>;
  /** Does the same, returns its stdout, and rejects with its output if it does not end with 0. */
  succeed(...args: string[]): Promise<string>;
  /** Returns the operations since the last call. */
  operations: () => Operation[];
  end(): Promise<void>;
};

/** What the environment of the CLI has, and nothing that it keeps may have. */
export const secrets = ["open sesame", "c2VjcmV0IGtleQ"] as const;

/** Starts a provider that stands in for AWS's, and logs in. `path` comes before what is on the path. */
export async function pulumiDay({ path }: { path?: string } = {}): Promise<PulumiDay> {
  // Not run: outside of a home of its own it would make a folder in the user's.
  if (spawnSync("sh", ["-c", "command -v pulumi"]).status !== 0) {
    throw new Error("No pulumi on the path: see https://www.pulumi.com/docs/install/.");
  }
  const home = await realpath(await mkdtemp(join(tmpdir(), "pulumi-")));
  const project = await copyProject();
  const provider = await startProvider();
  const env = {
    PATH: [path, process.env.PATH].filter((part) => part !== undefined).join(":"),
    HOME: home,
    // Where the language host leaves its pipes.
    TMPDIR: home,
    PULUMI_HOME: join(home, ".pulumi"),
    PULUMI_CONFIG_PASSPHRASE: secrets[0],
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // As --yes of those commands that have it.
    PULUMI_SKIP_CONFIRMATIONS: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DEBUG_PROVIDERS: `aws:${provider.port}`,
    AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
    AWS_SECRET_ACCESS_KEY: secrets[1],
    NO_COLOR: "1",
  };
  const pulumi = async (...args: string[]): Promise<Ended> => {
    const child = spawn("pulumi", [...args, "--non-interactive"], {
      cwd: project.folder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    const [code] = (await once(child, "close")) as [number | null];
    return { code, stdout, output };
  };
  const succeed = async (...args: string[]) => {
    const { code, stdout, output } = await pulumi(...args);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}: ${output}`);
    return stdout;
  };
  const backend = join(home, "backend");
  await mkdir(backend);
  await succeed("login", pathToFileURL(backend).href);
  return {
    folder: project.folder,
    pulumi,
    succeed,
    operations: provider.operations,
    async end() {
      await provider.end();
      await project.remove();
      await rm(home, { recursive: true });
    },
  };
}

async function startProvider() {
  const child = spawn(process.execPath, ["--import", "tsx/esm", "test/pulumi/provider/main.ts"], {
    cwd: projectFolder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const [port] = (await once(lines, "line")) as [string];
  let operations: Operation[] = [];
  lines.on("line", (line) => operations.push(JSON.parse(line) as Operation));
  return {
    port,
    operations: () => {
      const taken = operations;
      operations = [];
      return taken;
    },
    async end() {
      child.kill();
      await once(child, "exit");
    },
  };
}
