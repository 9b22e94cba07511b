import { isRecord, listOf, recordOf } from "../shared/record.ts";
import { StartError } from "../shared/start-error.ts";
import type { DashboardDescription, LineDescription, WidgetDescription } from "./description.ts";
import type { KnownResource } from "./resource.ts";

/**
 * Describes the widgets of a dashboard that show metrics, by its body:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function describeDashboard({
  urn,
  inputs,
}: KnownResource<"aws:cloudwatch/dashboard:Dashboard">): DashboardDescription {
  const widgets = listOf(readBody(urn, inputs.dashboardBody).widgets)
    .map(recordOf)
    .filter(({ type }) => type === "metric")
    .map(({ properties }) => describeWidget(urn, recordOf(properties)));
  return { name: inputs.dashboardName, widgets };
}

function readBody(urn: string, json: string): Record<string, unknown> {
  try {
    return recordOf(JSON.parse(json));
  } catch {
    throw new StartError(`${urn}: its body is not JSON.`);
  }
}

function describeWidget(urn: string, properties: Record<string, unknown>): WidgetDescription {
  const { title, view, start, stat, setPeriodToTimeRange, metrics } = properties;
  return {
    title: textOf(title) ?? "",
    view: view === "singleValue" ? view : "timeSeries",
    ...(start !== undefined && { minutes: minutesOf(urn, start) }),
    isOfWholeTime: setPeriodToTimeRange === true,
    lines: listOf(metrics).map((line) => describeLine(listOf(line), textOf(stat) ?? "Average")),
  };
}

/** A line is `[namespace, name, dimension, value, …, options]` or `[{ expression, … }]`. */
function describeLine(parts: unknown[], stat: string): LineDescription {
  const [namespace = "", name = "", ...rest] = parts.filter((part) => typeof part === "string");
  const options = recordOf(parts.find(isRecord));
  const id = textOf(options.id);
  const label = textOf(options.label);
  const common = {
    ...(id !== undefined && { id }),
    ...(label !== undefined && { label }),
    isVisible: options.visible !== false,
  };
  const expression = textOf(options.expression);
  if (expression !== undefined) return { ...common, expression };
  const pairs = Array.from({ length: rest.length / 2 }, (_, index) => [
    rest[2 * index],
    rest[2 * index + 1],
  ]);
  const dimensions = Object.fromEntries(pairs) as Record<string, string>;
  return { ...common, namespace, name, dimensions, stat: textOf(options.stat) ?? stat };
}

/** Reads a start before now, as in `-PT3H` or `-PT130M`. */
function minutesOf(urn: string, start: unknown): number {
  const [, hours = 0, minutes = 0] = /^-PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(String(start)) ?? [];
  const sum = Number(hours) * 60 + Number(minutes);
  if (sum > 0) return sum;
  throw new StartError(`${urn}: the local stack knows a start only as in -PT3H and -PT130M.`);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
