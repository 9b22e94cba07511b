import type { MetricKey } from "./metric-store.ts";

export type Search = MetricKey & { dimensionNames: string[]; stat: string };

/**
 * Reads a search expression as dashboards of ours have it, whole terms only, as in
 * `SEARCH('{"namespace",stack,reason} MetricName="Refused" stack="staging"', 'Sum')`.
 * Returns undefined for an expression that is no search.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
export function readSearch(expression: string): Search | undefined {
  const [, schema, terms, stat] =
    /^SEARCH\('\{([^}]*)\}([^']*)', *'(\w+)'\)$/.exec(expression) ?? [];
  if (schema === undefined || terms === undefined || stat === undefined) return undefined;
  const [namespace = "", ...dimensionNames] = schema
    .split(",")
    .map((name) => name.trim().replace(/^"(.*)"$/, "$1"));
  const { MetricName: name = "", ...dimensions } = Object.fromEntries(
    [...terms.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]),
  ) as Record<string, string>;
  return { namespace, name, dimensions, dimensionNames, stat };
}
