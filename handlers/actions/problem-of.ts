import { log, thrown } from "../aws/log.ts";
import { internal, Problem } from "../protocol/problem.ts";

/** Returns the problem of whoever asked, or logs what went wrong of ours as `entry`, which is told to nobody. */
export function problemOf(error: unknown, entry: string): Problem {
  if (error instanceof Problem) return error;
  log.error(entry, thrown(error));
  return internal;
}
