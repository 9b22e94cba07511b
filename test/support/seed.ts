import fc from "fast-check";

// What `npm test` says of a commit is no matter of chance; `npm run fuzz` takes a new seed each time.
if (process.env.FUZZ_RUNS === undefined) fc.configureGlobal({ seed: 1 });
