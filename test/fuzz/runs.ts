const { FUZZ_RUNS } = process.env;

/**
 * How fast-check runs every property of this folder: FUZZ_RUNS generated inputs each, or 200.
 * A failure prints a seed and a path: written in here, they repeat it.
 */
export const runs = {
  numRuns: Number(FUZZ_RUNS ?? 200),
  /** Milliseconds for one input, so that an answer which never comes is told with its seed. */
  timeout: 10_000,
  // To look for a smaller input takes longer than mocha lets a test of `npm test` take.
  endOnFailure: FUZZ_RUNS === undefined,
};
