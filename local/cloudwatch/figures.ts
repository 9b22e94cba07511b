import type { LineDescription, WidgetDescription } from "../graph/description.ts";
import { evaluate, type Value } from "./metric-math.ts";
import type { MetricKey, MetricStore, TimeRange } from "./metric-store.ts";
import { readSearch } from "./search.ts";

/** What a widget of a dashboard shows, in plain values. */
export type Figure = {
  title: string;
  view: "timeSeries" | "singleValue";
  /** Minutes up to now that it shows. */
  minutes: number;
  /** When each period begins, in seconds since the epoch. */
  seconds: number[];
  /** A value for each period; null where there is no data. */
  lines: { label: string; values: (number | null)[] }[];
  /** Whether it shows what only AWS measures; it has no lines then. */
  isOnlyOnAws: boolean;
};

const minute = 60_000;

/**
 * Evaluates a widget at a time. `minutes` are those that are shown where the widget leaves that open; each is
 * a period of its own.
 */
export function figureOf(
  { title, view, isOfWholeTime, lines, ...widget }: WidgetDescription,
  store: MetricStore,
  { now, minutes: shown }: { now: number; minutes: number },
): Figure {
  const { minutes = shown } = widget;
  const isOnlyOnAws = lines.some(
    (line) => "namespace" in line && line.namespace.startsWith("AWS/"),
  );
  const periods = periodsOf(now, minutes, isOfWholeTime);
  const drawn = isOnlyOnAws ? [] : lines.filter(({ isVisible }) => isVisible);
  return {
    ...{ title, view, minutes, isOnlyOnAws },
    seconds: periods.map(({ start }) => start / 1000),
    lines: drawn.flatMap((line) => drawLine(line, lines, store, periods)),
  };
}

/** The minute that has begun counts; a time that begins within a minute begins with it. */
function periodsOf(now: number, minutes: number, isOfWholeTime: boolean): TimeRange[] {
  const end = (Math.floor(now / minute) + 1) * minute;
  if (isOfWholeTime) {
    return [{ start: Math.floor((now - minutes * minute) / minute) * minute, end }];
  }
  return Array.from({ length: minutes }, (_, index) => {
    const start = end - (minutes - index) * minute;
    return { start, end: start + minute };
  });
}

function drawLine(
  line: LineDescription,
  lines: LineDescription[],
  store: MetricStore,
  periods: TimeRange[],
): Figure["lines"] {
  const draw = (label: string, valueIn: (period: TimeRange) => Value) => ({
    ...{ label, values: periods.map((period) => valueIn(period) ?? null) },
  });
  const search = "expression" in line ? readSearch(line.expression) : undefined;
  if (search !== undefined) {
    return store
      .search(search)
      .map((key) =>
        draw(labelOf(key, search), (period) => store.statistic(key, search.stat, period)),
      );
  }
  const label = line.label ?? ("name" in line ? line.name : line.expression);
  return [draw(label, (period) => valueOf(line, lines, store, period))];
}

/** Names a metric that was found by the dimensions in which it differs from the others. */
function labelOf({ dimensions }: MetricKey, search: MetricKey): string {
  const own = Object.entries(dimensions).filter(([name]) => !(name in search.dimensions));
  return own.map(([, value]) => value).join(" ");
}

function valueOf(
  line: LineDescription,
  lines: LineDescription[],
  store: MetricStore,
  period: TimeRange,
): Value {
  if (!("expression" in line)) return store.statistic(line, line.stat, period);
  return evaluate(line.expression, {
    periodSeconds: (period.end - period.start) / 1000,
    of(id) {
      const named = lines.find((other) => other.id === id);
      if (named === undefined) throw new Error(`No metric of the widget has the id "${id}".`);
      return valueOf(named, lines, store, period);
    },
  });
}
