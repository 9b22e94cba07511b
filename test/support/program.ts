import { projectFolder } from "./project-copy.ts";
import type { Cloud } from "../../local/graph/cloud-state.ts";
import { runProgram, type Program } from "../../local/graph/program.ts";
import { readStackConfig } from "../../local/graph/stack-config.ts";
import { publicAws } from "./public-aws.ts";

export const cloud: Cloud = {
  region: "us-east-1",
  accountId: "000000000000",
  webSocketOrigin: "wss://sockets.example",
  httpOrigin: "https://http.example",
  sqsOrigin: "https://sqs.example",
};

/** Runs the staging program with some of its config replaced; undefined removes a key. */
export async function run(changes: Record<string, string | undefined> = {}): Promise<Program> {
  const config = await readStackConfig(projectFolder, "staging");
  const values = Object.entries({ ...config.values, ...changes }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return runProgram({ ...config, values: Object.fromEntries(values) }, cloud, publicAws);
}
