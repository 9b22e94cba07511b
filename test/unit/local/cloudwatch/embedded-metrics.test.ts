import assert from "node:assert/strict";
import { embeddedMetrics } from "../../../../local/cloudwatch/embedded-metrics.ts";

describe("the metrics on a log line", () => {
  const directive = {
    Namespace: "channels",
    Dimensions: [["stack"], ["stack", "reason"]],
    Metrics: [{ Name: "Refused", Unit: "Count" }, { Name: "Latency" }],
  };
  const members = { stack: "staging", reason: "NoToken", Refused: 1, Latency: [3, 4.5] };
  const lineOf = (changes: object, aws: object = {}) =>
    JSON.stringify({
      ...{ message: "Refused", ...members, ...changes },
      _aws: { Timestamp: 1_000, CloudWatchMetrics: [directive], ...aws },
    });

  it("are taken for each set of dimensions, a number or one for each measurement", () => {
    const common = { namespace: "channels", at: 1_000 };
    const [stack, both] = [{ stack: "staging" }, { stack: "staging", reason: "NoToken" }];
    assert.deepEqual(embeddedMetrics(lineOf({})), [
      { ...common, name: "Refused", dimensions: stack, values: [1] },
      { ...common, name: "Refused", dimensions: both, values: [1] },
      { ...common, name: "Latency", dimensions: stack, values: [3, 4.5] },
      { ...common, name: "Latency", dimensions: both, values: [3, 4.5] },
    ]);
  });

  it("are taken with the dimensions alone that the line has", () => {
    const found = embeddedMetrics(lineOf({ reason: undefined }));
    assert.deepEqual(
      found.map(({ name, dimensions }) => [name, dimensions]),
      [
        ["Refused", { stack: "staging" }],
        ["Latency", { stack: "staging" }],
      ],
    );
  });

  for (const [what, line] of [
    ["that is no JSON", '"_aws" {'],
    ["that is no object", '["_aws"]'],
    ["that has none", '{"message":"Connected"}'],
    ["without a time", lineOf({}, { Timestamp: undefined })],
    ["without a namespace", lineOf({}, { CloudWatchMetrics: [{ ...directive, Namespace: 1 }] })],
    ["whose values are none", lineOf({ Refused: "1", Latency: [1, null] })],
    ["with more than 100 values", lineOf({ Refused: undefined, Latency: Array(101).fill(1) })],
  ] as const) {
    it(`are none on a line ${what}`, () => {
      assert.deepEqual(embeddedMetrics(line), []);
    });
  }
});
