import { mock } from "node:test";
import { log } from "../../handlers/aws/log.ts";
import type { MetricName } from "../../handlers/aws/metrics.ts";
import { embeddedMetrics } from "../../local/cloudwatch/embedded-metrics.ts";
import { metricStore, type MetricStore } from "../../local/cloudwatch/metric-store.ts";
import type { Clock } from "../../local/shared/clock.ts";

const always = { start: 0, end: Infinity };
const dimensions = { stack: "staging" };

/** Returns the sum of each of these metrics of the staging stack, or another statistic. */
export function figuresIn(
  store: MetricStore,
  names: MetricName[],
  stat = "Sum",
): Partial<Record<MetricName, number>> {
  const entries = names.map((name) => {
    const key = { namespace: "websocket-channels", name, dimensions };
    return [name, store.statistic(key, stat, always) ?? 0];
  });
  return Object.fromEntries(entries) as Partial<Record<MetricName, number>>;
}

/** Keeps what the handlers in this process measure, until it is ended. */
export function measure(clock: Clock): { store: MetricStore; end(): void } {
  const store = metricStore(clock);
  const outside = { ...process.env };
  const level = log.getLevelName();
  Object.assign(process.env, {
    POWERTOOLS_SERVICE_NAME: "websocket-channels",
    STACK_NAME: "staging",
  });
  log.setLogLevel("INFO");
  const written = ([process.stdout, process.stderr] as const).map((stream) =>
    mock.method(stream, "write", (text: unknown) => {
      for (const data of embeddedMetrics(String(text))) store.put(data);
      return true;
    }),
  );
  return {
    store,
    end() {
      for (const { mock: writing } of written) writing.restore();
      log.setLogLevel(level);
      for (const name of ["POWERTOOLS_SERVICE_NAME", "STACK_NAME"]) {
        if (outside[name] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = outside[name];
      }
    },
  };
}
