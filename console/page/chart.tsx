import { useEffect, useRef } from "preact/hooks";
import { signal } from "@preact/signals";
import uPlot from "uplot";
import { colorIn } from "./color-in.ts";
import type { Series } from "./deliveries.ts";
import { arrivals } from "./measures.ts";
import { Panel } from "./panel.tsx";

const height = 230;
// uPlot's own name for it is an enum that has no value at run time.
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const right: uPlot.Axis.Side = 1;
/** What the chart says, for those who do not see it. */
const said = signal("");

/** Deliveries a second, and milliseconds from publish to arrival. */
export function Chart() {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = place;
    return current ? showIn(current) : undefined;
  }, []);
  return (
    <Panel id="chart" title="Deliveries" beside={<span class="muted">the last 3 minutes</span>}>
      <div ref={place} class="chart" role="img" aria-label={said.value} />
    </Panel>
  );
}

/** Draws once a second, in the width and the colours that there are. Returns a function that ends it. */
function showIn(place: HTMLElement): () => void {
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const draw = () => new uPlot(optionsIn(place), columnsOf(arrivals.series(Date.now())), place);
  let plot = draw();
  const update = () => {
    const series = arrivals.series(Date.now());
    plot.setData(columnsOf(series));
    said.value = words(series);
    // Where nobody points at a second, the legend is that of the last.
    if (typeof plot.cursor.idx !== "number") plot.setLegend({ idx: series.seconds.length - 1 });
  };
  const redraw = () => {
    plot.destroy();
    plot = draw();
  };
  const timer = setInterval(update, 1000);
  const resizing = new ResizeObserver(() => {
    plot.setSize({ width: place.clientWidth, height });
  });
  resizing.observe(place);
  scheme.addEventListener("change", redraw);
  return () => {
    clearInterval(timer);
    resizing.disconnect();
    scheme.removeEventListener("change", redraw);
    plot.destroy();
  };
}

function columnsOf({ seconds, perSecond, p50, p99 }: Series): uPlot.AlignedData {
  return [seconds, perSecond, p50, p99];
}

/** Says the last second in which something arrived. */
function words({ perSecond, p50, p99 }: Series): string {
  const total = perSecond.reduce((sum, count) => sum + count, 0);
  const last = p50.findLastIndex((value) => value !== null);
  const latest =
    last < 0
      ? ""
      : `; at the end ${perSecond[last] ?? 0} a second, p50 ${Math.round(p50[last] ?? 0)} ms, p99 ${Math.round(p99[last] ?? 0)} ms`;
  return `${total} deliveries in the last 3 minutes${latest}`;
}

function optionsIn(place: HTMLElement): uPlot.Options {
  const color = (name: string) => colorIn(place, name);
  const axis = {
    stroke: color("--muted"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { stroke: color("--line"), width: 1 },
    font: "12px system-ui",
  };
  const line = (label: string, stroke: string, more: uPlot.Series = {}) => ({
    ...{ label, stroke, width: 2, points: { show: false }, ...more },
  });
  const milliseconds = (_: uPlot, value: number | null) =>
    value === null ? "–" : `${Math.round(value)} ms`;
  const late = { scale: "ms", value: milliseconds, points: { show: true, size: 4 } };
  return {
    ...{ width: place.clientWidth, height },
    cursor: { y: false },
    scales: {
      y: { range: (_, __, max) => [0, Math.max(5, max * 1.1)] },
      ms: { range: (_, __, max) => [0, Math.max(10, (max || 0) * 1.1)] },
    },
    axes: [
      { ...axis, space: 80, values: inTimes },
      { ...axis, size: 44, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] },
      {
        ...axis,
        scale: "ms",
        side: right,
        size: 68,
        grid: { show: false },
        values: inMilliseconds,
      },
    ],
    series: [
      { label: "Time", value: "{HH}:{mm}:{ss}" },
      line("per second", color("--plot-rate"), {
        fill: color("--plot-rate-fill"),
        paths: uPlot.paths.stepped?.({ align: 1 }) ?? null,
      } as uPlot.Series),
      line("p50", color("--plot-p50"), late),
      line("p99", color("--plot-p99"), { ...late, dash: [5, 4] }),
    ],
  };
}

/** As in `10:00:30`. */
function inTimes(_: uPlot, seconds: number[]): string[] {
  return seconds.map((second) => new Date(second * 1000).toTimeString().slice(0, 8));
}

function inMilliseconds(_: uPlot, values: number[]): string[] {
  return values.map((value) => `${value} ms`);
}
