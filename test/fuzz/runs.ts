/** Generated inputs an entry point: some hundreds in `npm test`, 20,000 in `npm run fuzz`. */
export const numRuns = Number(process.env.FUZZ_RUNS ?? 300);
