import * as awsx from "@pulumi/awsx";
import { apiMetric } from "./api-metric.ts";
import { channelWidgets } from "./channel-metrics.ts";
import type { ChannelTable } from "./channel-table.ts";
import type { DeliveryQueue } from "./delivery-queue.ts";
import { hourlyCost } from "./hourly-cost.ts";
import type { HttpApi } from "./http-api.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import type { WebSocketApi } from "./websocket-api.ts";

const { Dashboard, LineGraphMetricWidget } = awsx.classic.cloudwatch;
const { metrics: ofFunction } = awsx.classic.lambda;
const { metrics: ofTable } = awsx.classic.dynamodb;
const { metrics: ofQueue } = awsx.classic.sqs;

export type DashboardArgs = {
  webSocketApi: WebSocketApi;
  httpApi: HttpApi;
  /** By the labels of their lines. */
  functions: Record<string, LambdaFunction | undefined>;
  table: ChannelTable;
  queue: DeliveryQueue;
};

/**
 * Creates one page with what the channels do and cost, and the traffic, errors and latencies of everything
 * that a message passes.
 */
export function dashboard(name: string, args: DashboardArgs): awsx.classic.cloudwatch.Dashboard {
  const { webSocketApi, httpApi, functions, queue } = args;
  const { table } = args.table;
  const perFunction = (
    metric: typeof ofFunction.errors,
    change?: Parameters<typeof ofFunction.errors>[0],
  ) =>
    Object.entries(functions).flatMap(([label, fn]) =>
      fn === undefined ? [] : [metric({ function: fn.function, label, ...change })],
    );
  return new Dashboard(name, {
    // Pulumi does not make the name of a dashboard unique, so it takes the table's.
    name: table.name,
    widgets: [
      ...channelWidgets(),
      hourlyCost(args),
      graph("WebSocket traffic", [
        apiMetric(webSocketApi, "ConnectCount"),
        apiMetric(webSocketApi, "MessageCount"),
      ]),
      graph("WebSocket errors", [
        apiMetric(webSocketApi, "ClientError"),
        apiMetric(webSocketApi, "IntegrationError"),
        apiMetric(webSocketApi, "ExecutionError"),
      ]),
      graph("HTTP requests and errors", [
        apiMetric(httpApi, "Count"),
        apiMetric(httpApi, "4xx"),
        apiMetric(httpApi, "5xx"),
      ]),
      graph("HTTP latency, 99th percentile", [
        apiMetric(httpApi, "Latency").withExtendedStatistic(99),
        apiMetric(httpApi, "IntegrationLatency").withExtendedStatistic(99),
      ]),
      graph("Function errors", perFunction(ofFunction.errors, { statistic: "Sum" })),
      graph("Function throttles", perFunction(ofFunction.throttles, { statistic: "Sum" })),
      graph(
        "Function duration, 99th percentile",
        perFunction(ofFunction.duration, { extendedStatistic: 99 }),
      ),
      graph("Table units", [
        ofTable.consumedReadCapacityUnits({ table, statistic: "Sum" }),
        ofTable.consumedWriteCapacityUnits({ table, statistic: "Sum" }),
      ]),
      graph("Deliveries waiting and dead", [
        ofQueue.approximateNumberOfMessagesVisible({ queue: queue.queue, label: "waiting" }),
        ofQueue.approximateNumberOfMessagesVisible({ queue: queue.deadLetters, label: "dead" }),
      ]),
      graph("Oldest delivery, seconds", [
        ofQueue.approximateAgeOfOldestMessage({ queue: queue.queue, statistic: "Maximum" }),
      ]),
    ],
  });
}

function graph(title: string, metrics: awsx.classic.cloudwatch.Metric[]) {
  return new LineGraphMetricWidget({ title, width: 6, metrics });
}
