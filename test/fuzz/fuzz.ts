import assert from "node:assert/strict";
import fc from "fast-check";
import type { TestStack } from "../support/test-stack.ts";
import { assertConsistent } from "./consistency.ts";
import { runs } from "./runs.ts";

/**
 * Runs the property with as many inputs as `runs` says. Once the stack has settled after them, the
 * table has to be consistent, and no function may have logged an error.
 */
export async function fuzz<Input>(
  stack: TestStack,
  property: fc.IAsyncProperty<Input>,
  settled: () => Promise<void> = () => stack.queues.idle(),
): Promise<void> {
  await fc.assert(property, runs);
  await settled();
  const errors = stack.logs.filter((line) => line.includes('"level":"ERROR"'));
  assert.deepEqual(errors, []);
  await assertConsistent(stack);
}
