import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { CommandError, firstLine } from "./command-error.ts";

/** A deployed stack, as Pulumi knows it. */
export type DeployedStack = {
  /** An output of the stack. Throws a CommandError where it has none of this name. */
  output(name: string): string;
  /** The mode of `auth` in its config. */
  auth: string;
  /** The AWS region in its config. */
  region: string;
  /** The AWS profile in its config. */
  profile: string | undefined;
};

/**
 * Reads a stack by the Pulumi CLI. Throws a CommandError where this is not installed, with `remedy` for those
 * who do without it, or with what the CLI says.
 */
export async function readDeployedStack(stack: string, remedy: string): Promise<DeployedStack> {
  const ofStack = ["--json", "--stack", stack];
  const [outputs, config] = await Promise.all([
    pulumi(["stack", "output", ...ofStack], remedy),
    pulumi(["config", ...ofStack], remedy),
  ]);
  const values = Object.entries(config as Record<string, { value?: string }>);
  const valueOf = (key: RegExp) => values.find(([name]) => key.test(name))?.[1].value;
  const region = valueOf(/^aws:region$/);
  if (region === undefined) {
    throw new CommandError(`Stack ${stack} has no aws:region in its config.`);
  }
  return {
    output(name) {
      const value = (outputs as Record<string, unknown>)[name];
      if (typeof value === "string") return value;
      throw new CommandError(`Stack ${stack} has no output ${name}: deploy it by pulumi up.`);
    },
    auth: valueOf(/^(?!aws:).*:auth$/) ?? "iam",
    region,
    profile: valueOf(/^aws:profile$/),
  };
}

async function pulumi(args: string[], remedy: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)("pulumi", args).catch((error: unknown) => {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    throw new CommandError(
      code === "ENOENT"
        ? `The Pulumi CLI is not installed: install it${remedy}.`
        : `pulumi ${args.join(" ")}: ${(stderr ?? firstLine(error)).trim()}`,
    );
  });
  return JSON.parse(stdout);
}
