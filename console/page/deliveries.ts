/** What arrived in the last minutes, second by second. */
export type Deliveries = {
  /** `latency` is milliseconds since the publish; undefined where nobody knows. */
  count(now: number, latency: number | undefined): void;
  /** The seconds up to the last whole one, oldest first. */
  series(now: number): Series;
};

/** Columns of the chart. A percentile is null where nothing arrived whose latency is known. */
export type Series = {
  /** Seconds since the epoch. */
  seconds: number[];
  perSecond: number[];
  p50: (number | null)[];
  p99: (number | null)[];
};

/** Seconds that are kept. */
export const shownSeconds = 180;
/** Latencies of one second that are kept. */
const maxSamples = 2000;

type Second = { count: number; latencies: number[] };

export function deliveries(): Deliveries {
  const bySecond = new Map<number, Second>();
  return {
    count(now, latency) {
      const at = Math.floor(now / 1000);
      const second = bySecond.get(at) ?? { count: 0, latencies: [] };
      bySecond.set(at, second);
      second.count++;
      if (latency !== undefined && second.latencies.length < maxSamples) {
        second.latencies.push(latency);
      }
      for (const old of bySecond.keys()) {
        if (old >= at - shownSeconds) break;
        bySecond.delete(old);
      }
    },
    series(now) {
      const end = Math.floor(now / 1000);
      const seconds = Array.from(
        { length: shownSeconds },
        (_, index) => end - shownSeconds + index,
      );
      const of = (at: number) => bySecond.get(at) ?? { count: 0, latencies: [] };
      return {
        seconds,
        perSecond: seconds.map((at) => of(at).count),
        p50: seconds.map((at) => percentile(of(at).latencies, 0.5)),
        p99: seconds.map((at) => percentile(of(at).latencies, 0.99)),
      };
    },
  };
}

/** Returns the smallest of the values that this share of them does not exceed; null of none. */
export function percentile(values: number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}
