import { fork } from "node:child_process";
import { once } from "node:events";
import { StartError } from "../shared/start-error.ts";
import type { Cloud } from "./cloud-state.ts";
import type { Evaluate, Evaluation } from "./evaluate.ts";
import type { StackConfig } from "./stack-config.ts";

/** What evaluation-process.ts gets, and what it answers. */
export type EvaluationRequest = { config: StackConfig; cloud: Cloud };
export type EvaluationAnswer = { evaluation: Evaluation } | { refusal: string };

/** Runs the program as it is on disk now, in a process that has loaded none of its modules yet. */
export const evaluateAnew: Evaluate = async (config, cloud) => {
  const child = fork(new URL("evaluation-process.ts", import.meta.url), {
    execArgv: ["--import", "tsx/esm"],
    cwd: config.folder,
    serialization: "advanced",
  });
  const exited = once(child, "exit");
  child.send({ config, cloud } satisfies EvaluationRequest);
  const answered = once(child, "message") as Promise<[EvaluationAnswer]>;
  const [answer] = await Promise.race([answered, exited.then(() => [lost] as const)]);
  await exited;
  if ("refusal" in answer) throw new StartError(answer.refusal);
  return answer.evaluation;
};

const lost: EvaluationAnswer = {
  refusal: "The program ended its process before it was evaluated.",
};
