import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import { StartError } from "../shared/start-error.ts";
import { cloudState, type Cloud } from "./cloud-state.ts";
import type { Resource } from "./resource.ts";
import type { StackConfig } from "./stack-config.ts";

export type Program = {
  resources: Resource[];
  /** The stack's outputs, as `pulumi stack output` would show them. */
  outputs: Record<string, unknown>;
  /** What it warned of. */
  warnings: string[];
};

let runs = 0;

/**
 * Runs index.ts, unchanged, under Pulumi's own mocks: nothing is made, every resource is recorded.
 * One run at a time, since Pulumi keeps its state in the process.
 * Throws a StartError with the program's own words where it refuses its config.
 */
export async function runProgram(config: StackConfig, cloud: Cloud): Promise<Program> {
  const resources: Omit<Resource, "urn">[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, custom, ...args }) {
        if (!custom) return { id: undefined, state: {} };
        const inputs = record(args.inputs);
        const made = cloudState(cloud, { type, name, inputs }, resources);
        resources.push({ type, name, inputs, ...made });
        return { id: made.id, state: { ...inputs, ...made.state } };
      },
      call({ token }) {
        throw new StartError(`The program calls ${token}, which only AWS can answer.`);
      },
    },
    config.project,
    config.stack,
  );
  pulumi.runtime.setAllConfig(config.values);
  const warned = takeWarnings();
  // Pulumi takes the stack trace of each promise, and mapping these takes longer than all the rest. The
  // trace of an error is mapped when somebody reads it.
  const { sourceMapsEnabled } = process;
  process.setSourceMapsEnabled(false);
  try {
    // Every run is a fresh evaluation of the module.
    const program: unknown = await import(`../../index.ts?run=${runs++}`);
    await pulumi.runtime.disconnect();
    const outputs = await settled(program);
    return { resources: withUrns(resources), outputs, warnings: warned.warnings };
  } catch (error) {
    throw error instanceof pulumi.RunError ? new StartError(error.message) : error;
  } finally {
    process.setSourceMapsEnabled(sourceMapsEnabled);
    warned.end();
  }
}

/** Keeps what `pulumi.log.warn` says: without an engine it goes to the console. */
function takeWarnings(): { warnings: string[]; end: () => void } {
  const { warn } = console;
  const warnings: string[] = [];
  console.warn = (...args: unknown[]) => {
    const [, warning] = /^warning: \[runtime\] (.*)$/s.exec(String(args[0])) ?? [];
    if (warning === undefined) warn(...args);
    else warnings.push(warning);
  };
  return {
    warnings,
    end: () => {
      console.warn = warn;
    },
  };
}

function withUrns(resources: Omit<Resource, "urn">[]): Resource[] {
  const monitor: unknown = pulumi.runtime.getMonitor();
  const urns = monitor instanceof MockMonitor ? [...monitor.getRegisteredResources().keys()] : [];
  return resources.map((resource) => ({
    ...resource,
    urn: urns.find((urn) => urn.endsWith(`${resource.type}::${resource.name}`)) ?? resource.name,
  }));
}

function settled(program: unknown): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    pulumi.output(record(program)).apply((outputs) => {
      resolve(outputs);
    });
  });
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
