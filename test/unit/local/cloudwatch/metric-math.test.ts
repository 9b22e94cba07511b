import assert from "node:assert/strict";
import { evaluate } from "../../../../local/cloudwatch/metric-math.ts";

describe("metric math", () => {
  const values: Record<string, number | undefined> = { a: 6, b: 4, none: undefined };
  const value = (expression: string) =>
    evaluate(expression, { of: (id) => values[id], periodSeconds: 60 });

  for (const [expression, expected] of [
    ["1 + 2 * 3 - 4 / 2", 5],
    ["(1 + 2) * -(a - b)", -6],
    ["a - b - 1", 1],
    ["a * 0.0000000066667", 6 * 0.0000000066667],
    ["FILL(none, 0) + FILL(a, 9)", 6],
    ["FILL(none, 2) * b", 8],
    ["FILL(a, 0) / PERIOD(a)", 0.1],
    ["FILL(none, 0) / PERIOD(none)", 0],
  ] as const) {
    it(`evaluates ${expression}`, () => {
      assert.equal(value(expression), expected);
    });
  }

  for (const expression of ["a + none", "none", "a / 0", "-none"]) {
    it(`has no data of ${expression}`, () => {
      assert.equal(value(expression), undefined);
    });
  }

  for (const [expression, where] of [
    ["a +", "its end"],
    ["(a", "its end"],
    ["a b", "b"],
    ["AVG(a)", "AVG"],
    ["a ^ 2", " ^ 2"],
  ] as const) {
    it(`refuses ${expression}, and says where`, () => {
      assert.throws(() => value(expression), {
        message: `The metric math "${expression}" is not understood at "${where}".`,
      });
    });
  }
});
