import assert from "node:assert/strict";
import { figureOf } from "../../../../local/cloudwatch/figures.ts";
import { metricStore, type MetricStore } from "../../../../local/cloudwatch/metric-store.ts";
import type { LineDescription, WidgetDescription } from "../../../../local/graph/description.ts";
import { ManualClock } from "../../../../local/shared/clock.ts";

const minute = 60_000;

describe("the figure of a widget", () => {
  const clock = new ManualClock();
  const now = clock.now() + 30_000;
  let store: MetricStore;
  beforeEach(() => {
    store = metricStore(clock);
  });

  const namespace = "channels";
  const dimensions = { stack: "staging" };
  const put = (name: string, at: number, value: number, more = {}) => {
    store.put({ namespace, name, dimensions: { ...dimensions, ...more }, at, values: [value] });
  };
  const metric = (name: string, more: Partial<LineDescription> = {}): LineDescription => ({
    ...{ namespace, name, dimensions, stat: "Sum", isVisible: true, ...more },
  });
  const figure = (lines: LineDescription[], changes: Partial<WidgetDescription> = {}) =>
    figureOf(
      { title: "Figure", view: "timeSeries", isOfWholeTime: false, lines, ...changes },
      store,
      { now, minutes: 3 },
    );

  it("has a value of each minute, null where there is none, and the minute that has begun", () => {
    put("Gone", now - 2 * minute, 1);
    put("Gone", now, 2);
    const { seconds, lines } = figure([metric("Gone", { label: "gone" })]);
    const start = clock.now() / 1000;
    assert.deepEqual(seconds, [start - 120, start - 60, start]);
    assert.deepEqual(lines, [{ label: "gone", values: [1, null, 2] }]);
  });

  it("has one value of the whole time, from the minute in which that begins", () => {
    const widget = { view: "singleValue", minutes: 130, isOfWholeTime: true } as const;
    const opened = metric("Opened", { id: "opened", isVisible: false });
    const ended = metric("Ended", { id: "ended", isVisible: false });
    const expression = "FILL(opened, 0) - FILL(ended, 0)";
    const open = { expression, label: "open", isVisible: true };
    const shown = () => figure([open, opened, ended], widget).lines;
    assert.deepEqual(shown(), [{ label: "open", values: [0] }]);
    put("Opened", clock.now() - 130 * minute, 5);
    put("Opened", clock.now() - 131 * minute, 7);
    put("Ended", clock.now() - 130 * minute, 2);
    assert.deepEqual(shown(), [{ label: "open", values: [3] }]);
  });

  it("has a line for each metric that a search finds, by what tells it from the others", () => {
    put("Refused", now, 1, { reason: "NoToken" });
    put("Refused", now, 2, { reason: "forbidden" });
    const expression = `SEARCH('{"channels",stack,reason} MetricName="Refused" stack="staging"', 'Sum')`;
    assert.deepEqual(figure([{ expression, label: "", isVisible: true }]).lines, [
      { label: "NoToken", values: [null, null, 1] },
      { label: "forbidden", values: [null, null, 2] },
    ]);
  });

  it("says that only AWS has it where a metric is AWS's own", () => {
    const { lines, isOnlyOnAws } = figure([{ ...metric("Count"), namespace: "AWS/ApiGateway" }]);
    assert.deepEqual([lines, isOnlyOnAws], [[], true]);
  });

  it("refuses an id that no metric of the widget has", () => {
    assert.throws(() => figure([{ expression: "gone + 1", isVisible: true }]), {
      message: 'No metric of the widget has the id "gone".',
    });
  });
});
