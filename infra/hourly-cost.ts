import * as awsx from "@pulumi/awsx";
import { apiMetric } from "./api-metric.ts";
import type { DashboardArgs } from "./dashboard.ts";
import { NumberWidget } from "./number-widget.ts";
import { prices } from "./prices.ts";

const { metrics: ofFunction } = awsx.classic.lambda;
const { metrics: ofTable } = awsx.classic.dynamodb;
const { metrics: ofQueue } = awsx.classic.sqs;

/** What CloudWatch counts of something that has a price, and the dollars of one. */
type Priced = { metric: awsx.classic.cloudwatch.Metric; price: number };

/**
 * Returns the widget of what the last hour came to in list prices of us-east-1: without free tiers, logs,
 * data sent to the internet, and the time for which connections are open, and with each message counted as
 * one of up to 32 KB, each message in a queue as requests of its own.
 */
export function hourlyCost(args: DashboardArgs): NumberWidget {
  const priced = pricedOf(args);
  const idOf = (index: number) => `cost${index}`;
  const terms = priced.map(({ price }, index) => `FILL(${idOf(index)}, 0) * ${decimal(price)}`);
  return new NumberWidget({
    title: "Cost of the last hour, dollars",
    minutes: 60,
    expression: terms.join(" + "),
    metrics: priced.map(({ metric }, index) => metric.withId(idOf(index))),
  });
}

function pricedOf({ webSocketApi, httpApi, functions, table: { table }, queue }: DashboardArgs) {
  const sum = { statistic: "Sum" } as const;
  const ofJobs = { ...sum, queue: queue.queue };
  const priced: Priced[] = [
    { metric: apiMetric(httpApi, "Count"), price: prices.httpRequest },
    // Those of clients, and those posted to them.
    { metric: apiMetric(webSocketApi, "MessageCount"), price: prices.webSocketMessage },
    { metric: ofTable.consumedReadCapacityUnits({ table, ...sum }), price: prices.readUnit },
    { metric: ofTable.consumedWriteCapacityUnits({ table, ...sum }), price: prices.writeUnit },
    { metric: ofQueue.numberOfMessagesSent(ofJobs), price: prices.queueRequest },
    { metric: ofQueue.numberOfMessagesReceived(ofJobs), price: prices.queueRequest },
    { metric: ofQueue.numberOfEmptyReceives(ofJobs), price: prices.queueRequest },
    { metric: ofQueue.numberOfMessagesDeleted(ofJobs), price: prices.queueRequest },
  ];
  for (const fn of Object.values(functions)) {
    if (fn === undefined) continue;
    const change = { ...sum, function: fn.function };
    const gigabytes = fn.memorySize / 1024;
    const millisecond = (prices.gigabyteSecond * gigabytes) / 1000;
    priced.push({ metric: ofFunction.invocations(change), price: prices.invocation });
    priced.push({ metric: ofFunction.duration(change), price: millisecond });
  }
  return priced;
}

/** Metric math knows no exponents. */
function decimal(price: number): string {
  return price.toFixed(18).replace(/0+$/, "");
}
