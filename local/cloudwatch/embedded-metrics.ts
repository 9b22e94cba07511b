import { isRecord, listOf, recordOf } from "../shared/record.ts";

/** Values of one metric, by its names and dimensions, at one time. */
export type MetricData = {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
  /** Milliseconds since the epoch. */
  at: number;
  values: number[];
};

/** Values that one line may have of a metric. */
const maxValues = 100;

/**
 * Reads the metrics of a log line as CloudWatch Logs does; none of a line that has not the embedded metric
 * format, or not quite: CloudWatch drops what it cannot read, and says nothing.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(line: string): MetricData[] {
  // Most lines have none, and need not be parsed.
  if (!line.includes('"_aws"')) return [];
  const members = parse(line);
  const { Timestamp: at, CloudWatchMetrics } = recordOf(members._aws);
  if (typeof at !== "number") return [];
  return listOf(CloudWatchMetrics).flatMap((directive) => {
    const { Namespace: namespace, Dimensions, Metrics } = recordOf(directive);
    if (typeof namespace !== "string") return [];
    const sets = listOf(Dimensions).flatMap((keys) => dimensionsOf(listOf(keys), members));
    return listOf(Metrics).flatMap((metric) => {
      const { Name: name } = recordOf(metric);
      if (typeof name !== "string") return [];
      const values = [members[name]].flat();
      if (values.length > maxValues || !values.every((value) => typeof value === "number")) {
        return [];
      }
      return sets.map((dimensions) => ({ namespace, name, dimensions, at, values }));
    });
  });
}

/** Returns a set of dimensions with its values; none where one is not among the members. */
function dimensionsOf(keys: unknown[], members: Record<string, unknown>): Record<string, string>[] {
  const entries = keys.map((key) => [key, members[String(key)]]);
  return entries.every(([, value]) => typeof value === "string")
    ? [Object.fromEntries(entries) as Record<string, string>]
    : [];
}

function parse(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
