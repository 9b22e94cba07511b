import { once } from "node:events";
import { StartError } from "../shared/start-error.ts";
import type { EvaluationAnswer, EvaluationRequest } from "./evaluate-anew.ts";
import { evaluate } from "./evaluate.ts";

const [{ config, cloud }] = (await once(process, "message")) as [EvaluationRequest];

/** The user can mend a StartError, and whatever else a file throws that was just saved. */
async function answer(): Promise<EvaluationAnswer> {
  try {
    return { evaluation: await evaluate(config, cloud) };
  } catch (error) {
    if (error instanceof StartError) return { refusal: error.message };
    return { refusal: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.send?.(await answer(), () => {
  process.disconnect();
});
