const { availableParallelism } = require("node:os");

module.exports = {
  "node-option": ["import=tsx/esm"],
  require: "./test/support/seed.ts",
  parallel: true,
  // mocha's own default leaves a core idle, which on two of them is half.
  jobs: Math.max(2, availableParallelism()),
  timeout: 60_000,
};
