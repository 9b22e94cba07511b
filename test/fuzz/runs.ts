const { FUZZ_RUNS } = process.env;

/** How many inputs each property of this folder is held against: FUZZ_RUNS, or 200. */
export const numRuns = Number(FUZZ_RUNS ?? 200);

/**
 * How fast-check runs a property that invokes a function.
 * A failure prints a seed and a path: written in here, they repeat it.
 */
export const runs = {
  numRuns,
  /** Milliseconds for one input, so that an answer which never comes is told with its seed. */
  timeout: 10_000,
  // To look for a smaller input takes longer than mocha lets a test of `npm test` take.
  endOnFailure: FUZZ_RUNS === undefined,
};
