import { join, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { BundleError, rebundler } from "../../tools/bundle.ts";
import type { Description, FunctionDescription } from "../graph/description.ts";
import { evaluateAnew } from "../graph/evaluate-anew.ts";
import { StartError } from "../shared/start-error.ts";
import { projectFolder, startStack, type LocalStack, type StackOptions } from "./stack.ts";

export type DevSession = {
  stack: () => LocalStack;
  /** Makes what was saved live, by the paths of the files within the project. */
  apply(paths: string[]): Promise<void>;
  close(): Promise<void>;
};

// infra/ takes plain values of these, and handlers/ too.
const shared = [
  "handlers/protocol/limits.ts",
  "handlers/aws/environment.ts",
  "handlers/aws/metrics.ts",
  "tools/bundle.ts",
];

/** Starts a stack that follows the files of the project. `say` gets a line for each change. */
export async function devSession(
  options: StackOptions,
  say: (line: string) => void,
): Promise<DevSession> {
  const bundles = await rebundler(projectFolder);
  // The first takes as long as any bundle does; what it finds wrong, the program says too.
  const first = bundles.rebundle([]).catch(() => []);
  let stack = await startStack({ ...options, evaluate: evaluateAnew });
  await first;
  let current = stack.description;
  const ports = {
    webSocketPort: portOf(stack.outputs.websocketUrl),
    httpPort: portOf(stack.outputs.httpUrl),
  };

  /** Bundles anew, and has the functions whose code has changed run it. */
  async function applyCode(paths: string[]): Promise<void> {
    const start = performance.now();
    const rebundled = await bundles.rebundle(paths);
    const folders = rebundled.map((name) => join(projectFolder, "build", name));
    const changed = current.functions.filter(({ codeFolder }) => folders.includes(codeFolder));
    for (const fn of changed) stack.replaceFunction(fn);
    const took = Math.round(performance.now() - start);
    if (changed.length > 0) say(`${paths.join(", ")}: new code in ${namesOf(changed)}, ${took} ms`);
  }

  /** Runs the program anew, and applies what can be applied in place. */
  async function applyProgram(paths: string[]): Promise<void> {
    const { description } = (await stack.evaluateAgain()) ?? {};
    const changed = description && changedFunctions(current, description);
    if (changed === undefined) return restart(paths);
    for (const fn of changed) stack.replaceFunction(fn);
    current = description ?? current;
    stack.description.dashboards = current.dashboards;
    const what = changed.length > 0 ? `applied to ${namesOf(changed)}` : "nothing to apply";
    say(`${paths.join(", ")}: ${what}`);
  }

  async function restart(paths: string[]): Promise<void> {
    say(`${paths.join(", ")}: the stack restarts, empty, and its clients have to connect again`);
    await stack.close();
    stack = await startStack({ ...options, ...ports, evaluate: evaluateAnew });
    current = stack.description;
    say("ready");
  }

  return {
    stack: () => stack,
    async apply(paths) {
      const ofHandlers = paths.filter((path) => /^(handlers|client)\//.test(path));
      const ofProgram = paths.filter((path) => !ofHandlers.includes(path) || shared.includes(path));
      try {
        if (ofHandlers.length > 0) await applyCode(ofHandlers);
        if (ofProgram.length > 0) await applyProgram(ofProgram);
      } catch (error) {
        // The stack goes on with what it had.
        if (!(error instanceof BundleError || error instanceof StartError)) throw error;
        say(error.message);
      }
    },
    async close() {
      await bundles.close();
      await stack.close();
    },
  };
}

/**
 * Returns the functions that differ, where they differ in nothing else than what a running stack can
 * take: environment, time-out, memory and permissions. Undefined where anything else differs, but for
 * the dashboards, at which one only looks.
 */
function changedFunctions(from: Description, to: Description): FunctionDescription[] | undefined {
  if (!isDeepStrictEqual(withoutSettings(from), withoutSettings(to))) return undefined;
  return to.functions.filter(
    (fn) => !from.functions.some((present) => isDeepStrictEqual(present, fn)),
  );
}

/** All else, in an order that does not depend on which resource was registered first. */
function withoutSettings(description: Description): object {
  const functions = description.functions.map(({ name, arn, handler, codeFolder, role }) => ({
    ...{ name, arn, handler, codeFolder },
    role: role.arn,
  }));
  const parts = { ...description, functions, dashboards: [] };
  const sorted = Object.entries(parts).map(([part, value]) => [
    part,
    Array.isArray(value) ? value.map((one) => JSON.stringify(one)).sort() : value,
  ]);
  return Object.fromEntries(sorted) as object;
}

function namesOf(functions: FunctionDescription[]): string {
  return functions
    .map(({ codeFolder }) => relative(join(projectFolder, "build"), codeFolder))
    .join(", ");
}

function portOf(url: unknown): number {
  return Number(new URL(String(url)).port);
}
