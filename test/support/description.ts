import { describe } from "../../local/graph/describe.ts";
import type { Description } from "../../local/graph/description.ts";
import { readStackConfig } from "../../local/graph/stack-config.ts";
import { cloud, run } from "./program.ts";
import { projectFolder } from "./project-copy.ts";

let staging: Promise<Description> | undefined;

/** Returns the description of the staging program, which runs once a process. */
export function stagingDescription(): Promise<Description> {
  return (staging ??= describeStaging());
}

async function describeStaging(): Promise<Description> {
  const { resources } = await run();
  return describe(await readStackConfig(projectFolder, "staging"), cloud, resources);
}
