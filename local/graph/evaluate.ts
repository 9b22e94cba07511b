// Before anything that imports Pulumi.
import "./lazy-packages.ts";
import type { Cloud } from "./cloud-state.ts";
import { describe } from "./describe.ts";
import type { Description } from "./description.ts";
import { drawGraph } from "./draw-graph.ts";
import { runProgram, type Program } from "./program.ts";
import type { ResourceGraph } from "./resource-graph.ts";
import type { StackConfig } from "./stack-config.ts";

/** What the program says, in plain values. */
export type Evaluation = { description: Description; graph: ResourceGraph } & Pick<
  Program,
  "outputs" | "warnings"
>;

/**
 * Runs the program with a config, for services that listen where `cloud` says.
 * Rejects with a StartError if its user can mend what is wrong.
 */
export type Evaluate = (config: StackConfig, cloud: Cloud) => Promise<Evaluation>;

/** Runs the program in this thread, whose modules it shares: it sees no later change on disk. */
export const evaluate: Evaluate = async (config, cloud) => {
  const { resources, outputs, warnings } = await runProgram(config, cloud);
  const description = await describe(config, cloud, resources);
  return { description, graph: drawGraph(description, resources), outputs, warnings };
};
