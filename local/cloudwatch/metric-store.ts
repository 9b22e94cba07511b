import type { Clock } from "../shared/clock.ts";
import type { MetricData } from "./embedded-metrics.ts";

/** A metric, by its names and all of its dimensions. */
export type MetricKey = Pick<MetricData, "namespace" | "name" | "dimensions">;

/** A time range in milliseconds since the epoch: from `start` on, and before `end`. */
export type TimeRange = { start: number; end: number };

export type MetricStore = {
  /** Keeps values. Those of a time that CloudWatch does not take, or that is not kept here, are dropped. */
  put(data: MetricData): void;
  /** Returns the metrics of a name that have these dimensions, and these values of some of them. */
  search(wanted: MetricKey & { dimensionNames: string[] }): MetricKey[];
  /**
   * Returns a statistic, `Sum`, `SampleCount`, `Average`, `Minimum`, `Maximum` or `p99`, of the minutes
   * that begin in a range; undefined where there is no value in them.
   */
  statistic(key: MetricKey, stat: string, range: TimeRange): number | undefined;
};

const minute = 60_000;
/** Minutes that are kept: CloudWatch has 15 months, and nothing here looks back further than this. */
const keptMinutes = 3 * 60;
/** CloudWatch takes what is at most so far ahead. */
const aheadMinutes = 2 * 60;
/** Metrics that are kept; those of this project are some thirty. */
const maxMetrics = 1_000;

/** How often each value was measured in one minute: as exact as every single one, and smaller. */
type Minute = Map<number, number>;

/** Keeps metrics by the minute, as CloudWatch does, and so many minutes as one looks back. */
export function metricStore(clock: Clock): MetricStore {
  const kept = new Map<string, { key: MetricKey; minutes: Map<number, Minute> }>();

  function put({ at, values, ...key }: MetricData): void {
    const now = Math.floor(clock.now() / minute);
    const time = Math.floor(at / minute);
    if (time <= now - keptMinutes || time > now + aheadMinutes) return;
    const id = idOf(key);
    if (!kept.has(id) && kept.size >= maxMetrics) return;
    const { minutes } = kept.get(id) ?? { minutes: new Map<number, Minute>() };
    kept.set(id, { key, minutes });
    const counts = minutes.get(time) ?? new Map<number, number>();
    minutes.set(time, counts);
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    for (const old of minutes.keys()) if (old <= now - keptMinutes) minutes.delete(old);
  }

  return {
    put,
    search: ({ namespace, name, dimensions, dimensionNames }) =>
      [...kept.values()]
        .map(({ key }) => key)
        .filter((key) => key.namespace === namespace && key.name === name)
        .filter((key) => isSame(Object.keys(key.dimensions), dimensionNames))
        .filter((key) =>
          Object.entries(dimensions).every(([name, value]) => key.dimensions[name] === value),
        ),
    statistic(key, stat, { start, end }) {
      const samples: Minute = new Map();
      for (const [time, counts] of kept.get(idOf(key))?.minutes ?? []) {
        if (time * minute < start || time * minute >= end) continue;
        for (const [value, count] of counts) samples.set(value, (samples.get(value) ?? 0) + count);
      }
      return samples.size === 0 ? undefined : statisticOf(samples, stat);
    },
  };
}

function idOf({ namespace, name, dimensions }: MetricKey): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
}

function isSame(names: string[], others: string[]): boolean {
  return names.length === others.length && names.every((name) => others.includes(name));
}

function statisticOf(samples: Minute, stat: string): number | undefined {
  const values = [...samples.keys()];
  const count = [...samples.values()].reduce((total, times) => total + times, 0);
  const sum = [...samples].reduce((total, [value, times]) => total + value * times, 0);
  switch (stat) {
    case "Sum":
      return sum;
    case "SampleCount":
      return count;
    case "Average":
      return sum / count;
    case "Minimum":
      return Math.min(...values);
    case "Maximum":
      return Math.max(...values);
    default: {
      const [, percent] = /^p(\d+(?:\.\d+)?)$/.exec(stat) ?? [];
      return percent === undefined ? undefined : percentile(samples, count, Number(percent));
    }
  }
}

/** Returns the smallest of the values that so many percent of them do not exceed. */
function percentile(samples: Minute, count: number, percent: number): number | undefined {
  let left = Math.max(1, Math.ceil((count * percent) / 100));
  for (const [value, times] of [...samples].sort(([one], [other]) => one - other)) {
    left -= times;
    if (left <= 0) return value;
  }
  return undefined;
}
