import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { Figure } from "../api.ts";
import { colorIn } from "./color-in.ts";
import { logs } from "./looks.ts";
import { Panel } from "./panel.tsx";
import { ask } from "./requests.ts";

const figures = signal<readonly Figure[]>([]);

const height = 130;
/** Milliseconds after a log line in which others come, which is when figures change. */
const together = 1_000;
/** Milliseconds after which a figure moves with the time. */
const maxAge = 15_000;
const colors = ["--plot-rate", "--plot-p50", "--plot-p99", "--bad", "--muted"];

/** The widgets of the program's dashboard, over what this stack has measured. */
export function Figures() {
  useEffect(follow, []);
  const shown = figures.value.filter(({ isOnlyOnAws }) => !isOnlyOnAws);
  const others = figures.value.filter(({ isOnlyOnAws }) => isOnlyOnAws);
  return (
    <Panel
      id="figures"
      title="Dashboard"
      beside={<span class="muted">what CloudWatch draws of this stack, minute by minute</span>}
    >
      <div class="figures">
        {shown.map((figure) => (
          <figure key={figure.title}>
            <figcaption>{figure.title}</figcaption>
            {figure.view === "singleValue" ? <Numbers {...figure} /> : <Lines {...figure} />}
          </figure>
        ))}
      </div>
      {others.length > 0 && (
        <p class="muted">Only on AWS: {others.map(({ title }) => title).join(", ")}</p>
      )}
    </Panel>
  );
}

/** Asks again as lines come, and with the time. Returns a function that ends it. */
function follow(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const load = async () => {
    figures.value = await ask<Figure[]>("/api/figures").catch(() => figures.value);
  };
  const unsubscribe = logs.subscribe(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void load();
    }, together);
  });
  const ageing = setInterval(() => void load(), maxAge);
  void load();
  return () => {
    unsubscribe();
    clearTimeout(timer);
    clearInterval(ageing);
  };
}

function Numbers({ lines }: Figure) {
  return (
    <>
      {lines.map(({ label, values }) => (
        <output key={label} class="number">
          {wordOf(values.at(-1))}
        </output>
      ))}
    </>
  );
}

function Lines({ title, seconds, lines }: Figure) {
  const place = useRef<HTMLDivElement>(null);
  const labels = lines.map(({ label }) => label).join("\n");
  useEffect(() => {
    const { current } = place;
    if (current === null) return undefined;
    const plot = new uPlot(optionsIn(current, lines), dataOf(seconds, lines), current);
    const resizing = new ResizeObserver(() => {
      plot.setSize({ width: current.clientWidth, height });
    });
    resizing.observe(current);
    return () => {
      resizing.disconnect();
      plot.destroy();
    };
  }, [labels, seconds, lines]);
  const said = lines.map(({ label, values }) => `${label} ${wordOf(values.at(-1))}`).join(", ");
  return <div ref={place} class="plot" role="img" aria-label={`${title}: ${said || "no data"}`} />;
}

function dataOf(seconds: number[], lines: Figure["lines"]): uPlot.AlignedData {
  return [seconds, ...lines.map(({ values }) => values)];
}

function optionsIn(place: HTMLElement, lines: Figure["lines"]): uPlot.Options {
  const axis = {
    stroke: colorIn(place, "--muted"),
    grid: { stroke: colorIn(place, "--line"), width: 1 },
    ticks: { show: false },
    font: "11px system-ui",
  };
  return {
    ...{ width: place.clientWidth, height },
    cursor: { y: false },
    scales: { y: { range: (_, __, max) => [0, Math.max(1, (max || 0) * 1.1)] } },
    axes: [
      { ...axis, space: 60, size: 28, values: (_, seconds) => seconds.map(inTime) },
      { ...axis, size: 48 },
    ],
    series: [
      { label: "Time", value: (_, second) => inTime(second) },
      ...lines.map(({ label }, index) => ({
        ...{ label, width: 2, points: { size: 5 }, spanGaps: true },
        stroke: colorIn(place, colors[index % colors.length] ?? ""),
        value: (_: uPlot, value: number | null) => wordOf(value),
      })),
    ],
  };
}

/** As in `10:05`. */
function inTime(second: number | null): string {
  return second === null ? "–" : new Date(second * 1000).toTimeString().slice(0, 5);
}

function wordOf(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  return value.toLocaleString("en-US", { maximumSignificantDigits: 4 });
}
