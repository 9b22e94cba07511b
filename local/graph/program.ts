import * as pulumi from "@pulumi/pulumi";
import debuggable from "@pulumi/pulumi/runtime/debuggable.js";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import { recordOf } from "../shared/record.ts";
import { StartError } from "../shared/start-error.ts";
import { cloudState, type Cloud } from "./cloud-state.ts";
import type { Resource } from "./resource.ts";
import type { StackConfig } from "./stack-config.ts";

export type Program = {
  resources: Resource[];
  /** The stack's outputs, as `pulumi stack output` shows them. */
  outputs: Record<string, unknown>;
  /** The program's warnings. */
  warnings: string[];
};

// Pulumi keeps the stack trace of each promise in case one never settles, and taking these takes longer
// than all the rest of a run.
Object.assign(debuggable, { debuggablePromise: (promise: unknown) => promise });

/** What stands in for AWS: the outputs of a resource, and the answers to the provider's functions. */
export type StandIn = {
  stateOf: typeof cloudState;
  call: (token: string, args: Record<string, unknown>) => Record<string, unknown>;
};

const local: StandIn = {
  stateOf: cloudState,
  call(token) {
    throw new StartError(`The program calls ${token}, which only AWS can answer.`);
  },
};

let runs = 0;

/**
 * Runs index.ts, unchanged, under Pulumi's own mocks, which make nothing and record every resource.
 * Only one run may be under way, since Pulumi keeps its state in the process.
 * Throws a StartError with the program's own words if the program refuses its config.
 */
export async function runProgram(
  config: StackConfig,
  cloud: Cloud,
  { stateOf, call }: StandIn = local,
): Promise<Program> {
  const resources: Omit<Resource, "urn">[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, custom, ...args }) {
        if (!custom) return { id: undefined, state: {} };
        const inputs = { ...recordOf(args.inputs) };
        // In place of the random suffix that the provider gives a name.
        const made = stateOf(cloud, { type, physicalName: `${name}-local`, inputs });
        resources.push({ type, name, inputs, ...made });
        return { id: made.id, state: { ...inputs, ...made.state } };
      },
      call({ token, inputs }) {
        try {
          return call(token, recordOf(inputs));
        } catch (error) {
          // As gRPC reports it: the details are all that reaches the program.
          const details = error instanceof Error ? error.message : String(error);
          throw Object.assign(new Error(details), { details });
        }
      },
    },
    config.project,
    config.stack,
  );
  pulumi.runtime.setAllConfig(config.values);
  const warned = takeWarnings();
  try {
    // The query makes every run a fresh evaluation of the module.
    const program: unknown = await import(`../../index.ts?run=${runs++}`);
    await pulumi.runtime.disconnect();
    const outputs = await settled(program);
    return { resources: withUrns(resources), outputs, warnings: warned.warnings };
  } catch (error) {
    throw error instanceof pulumi.RunError ? new StartError(error.message) : error;
  } finally {
    warned.end();
  }
}

/** Takes the warnings of `pulumi.log.warn`, which go to the console if there is no engine. */
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
    // Pulumi shows no output that is undefined.
    const shown = Object.entries(recordOf(program)).filter(([, value]) => value !== undefined);
    pulumi.output(Object.fromEntries(shown)).apply((outputs) => {
      resolve(outputs);
    });
  });
}
