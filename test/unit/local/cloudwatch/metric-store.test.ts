import assert from "node:assert/strict";
import { metricStore, type MetricStore } from "../../../../local/cloudwatch/metric-store.ts";
import { ManualClock } from "../../../../local/shared/clock.ts";

const minute = 60_000;

describe("the metrics of a stack on this machine", () => {
  const key = { namespace: "channels", name: "Latency", dimensions: { stack: "staging" } };
  let clock: ManualClock;
  let store: MetricStore;
  beforeEach(() => {
    clock = new ManualClock();
    store = metricStore(clock);
  });

  const put = (at: number, ...values: number[]) => {
    store.put({ ...key, at, values });
  };
  const all = () => ({ start: 0, end: clock.now() + 1_000 * minute });

  it("have every statistic, exact to each value", () => {
    for (let value = 1; value <= 200; value++) put(clock.now(), value, value);
    const statistics = [
      "Sum",
      "SampleCount",
      "Average",
      "Minimum",
      "Maximum",
      "p50",
      "p99",
      "p99.9",
    ];
    assert.deepEqual(
      statistics.map((stat) => store.statistic(key, stat, all())),
      [40_200, 400, 100.5, 1, 200, 100, 198, 200],
    );
    assert.equal(store.statistic(key, "TM99", all()), undefined);
  });

  it("have the minutes that begin in a range, by the time that the values are dated at", () => {
    const now = clock.now();
    put(now - minute, 1);
    put(now + minute - 1, 2);
    put(now + minute, 4);
    const sum = (start: number, end: number) =>
      store.statistic(key, "Sum", { start: now + start, end: now + end });
    assert.deepEqual(
      [sum(-minute, 2 * minute), sum(0, minute), sum(1, minute), sum(0, 2 * minute)],
      [7, 2, undefined, 6],
    );
  });

  it("forget what is three hours old, and take neither that nor what is two hours ahead", () => {
    const now = clock.now();
    put(now, 1);
    put(now - 180 * minute, 2);
    put(now + 121 * minute, 4);
    assert.equal(store.statistic(key, "Sum", all()), 1);
    clock.advance(180 * minute);
    put(clock.now(), 8);
    assert.equal(store.statistic(key, "Sum", all()), 8);
  });

  it("are told apart by all of their dimensions, in whatever order", () => {
    const both = { stack: "staging", reason: "NoToken" };
    store.put({ ...key, dimensions: both, at: clock.now(), values: [1] });
    const turned = { ...key, dimensions: { reason: "NoToken", stack: "staging" } };
    assert.equal(store.statistic(turned, "Sum", all()), 1);
    assert.equal(store.statistic(key, "Sum", all()), undefined);
  });

  it("are found by a name, the names of their dimensions, and some of the values", () => {
    const put = (name: string, dimensions: Record<string, string>) => {
      store.put({ namespace: "channels", name, dimensions, at: clock.now(), values: [1] });
    };
    put("Refused", { stack: "staging" });
    put("Refused", { stack: "staging", reason: "NoToken" });
    put("Refused", { stack: "staging", reason: "forbidden" });
    put("Refused", { stack: "other", reason: "forbidden" });
    put("Gone", { stack: "staging", reason: "forbidden" });
    const found = store.search({
      ...{ namespace: "channels", name: "Refused", dimensions: { stack: "staging" } },
      dimensionNames: ["stack", "reason"],
    });
    assert.deepEqual(
      found.map(({ dimensions }) => dimensions.reason),
      ["NoToken", "forbidden"],
    );
  });

  it("are a thousand at most", () => {
    for (let count = 0; count <= 1_000; count++) {
      const dimensions = { stack: String(count) };
      store.put({ ...key, dimensions, at: clock.now(), values: [1] });
    }
    const sumOf = (stack: string) =>
      store.statistic({ ...key, dimensions: { stack } }, "Sum", all());
    assert.deepEqual([sumOf("999"), sumOf("1000")], [1, undefined]);
  });
});
