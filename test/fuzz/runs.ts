const { FUZZ_RUNS } = process.env;

/** Inputs with which each property of this folder runs: FUZZ_RUNS, or 100. */
export const numRuns = Number(FUZZ_RUNS ?? 100);

/**
 * The parameters with which fast-check runs a property that invokes a function.
 * A failure prints a seed and a path: added here, they repeat it.
 */
export const runs = {
  numRuns,
  /** Milliseconds for one input, so that an answer which never comes is reported with its seed. */
  timeout: 10_000,
  // The search for a smaller input takes longer than the timeout of a test of `npm test`.
  endOnFailure: FUZZ_RUNS === undefined,
};
