import assert from "node:assert/strict";
import { isMet } from "../../../bench/figure.ts";
import { median, percentile, rounds } from "../../../bench/rounds.ts";
import { amount, figureTable } from "../../../bench/table.ts";

describe("the table of figures", () => {
  it("says of each figure what it is, its goal, and whether that is met", () => {
    const table = figureTable([
      { what: "CPU", value: 1.3456, unit: "x", goal: { atMost: 1.5 } },
      { what: "Reach", value: 99.9, unit: "x", goal: { atLeast: 100 } },
      { what: "Posts", value: 100_000, unit: "" },
    ]);
    assert.equal(
      table,
      [
        "| Figure | Measured | Goal           | Met |",
        "| ------ | -------- | -------------- | --- |",
        "| CPU    | 1.35 x   | at most 1.5 x  | yes |",
        "| Reach  | 99.9 x   | at least 100 x | no  |",
        "| Posts  | 100,000  |                |     |",
      ].join("\n"),
    );
  });

  it("takes a goal that is just reached as met", () => {
    assert.equal(isMet({ what: "", value: 2, unit: "", goal: { atMost: 2 } }), true);
    assert.equal(isMet({ what: "", value: 2, unit: "", goal: { atLeast: 2 } }), true);
    assert.equal(isMet({ what: "", value: NaN, unit: "", goal: { atLeast: 2 } }), false);
  });

  it("never rounds a count", () => {
    assert.equal(amount(99_999), "99,999");
    assert.equal(amount(1234.5, "ms"), "1,230 ms");
  });
});

describe("rounds", () => {
  it("leave out the first, and give the others in order", async () => {
    let round = 0;
    const said: string[] = [];
    const measured = await rounds(
      2,
      () => Promise.resolve((round += 1)),
      (text) => said.push(text),
    );
    assert.deepEqual(measured, [2, 3]);
    assert.deepEqual(said, ["warming up", "round 1 of 2", "round 2 of 2"]);
  });

  it("have a median, and percentiles", () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([4, 1, 2, 3]), 2.5);
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    assert.equal(percentile(hundred, 0.99), 100);
    assert.equal(percentile(hundred, 0.5), 51);
  });
});
