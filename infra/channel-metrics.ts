import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { reasonDimension, stackDimension, type MetricName } from "../handlers/aws/metrics.ts";
import { NumberWidget } from "./number-widget.ts";

const { ExpressionWidgetMetric, LineGraphMetricWidget, Metric } = awsx.classic.cloudwatch;

/** Minutes after which nothing is left of a connection: see handlers/store/removal.ts. */
const lifetimeMinutes = 130;

/** Returns the widgets of what the functions themselves measure. */
export function channelWidgets(): awsx.classic.cloudwatch.Widget[] {
  return [
    new NumberWidget({
      title: "Open connections",
      minutes: lifetimeMinutes,
      expression: "FILL(opened, 0) - FILL(ended, 0)",
      metrics: [
        metric("ConnectionsOpened", "Opened", { id: "opened" }),
        metric("ConnectionsEnded", "Ended", { id: "ended" }),
      ],
    }),
    graph("Connections opened and closed", [
      metric("ConnectionsOpened", "opened"),
      metric("ConnectionsClosed", "closed"),
    ]),
    graph("Handshakes refused, by reason", [
      // Its lines have the names of the reasons.
      new ExpressionWidgetMetric(refusalsByReason(), ""),
    ]),
    graph("Messages and deliveries per second", [
      perSecond("messages", "published"),
      perSecond("deliveries", "delivered"),
      metric("MessagesPublished", "", { id: "messages", visible: false }),
      metric("Deliveries", "", { id: "deliveries", visible: false }),
    ]),
    graph("Publish to its last post, milliseconds", [
      metric("PublishLatency", "p50", { extendedStatistic: 50 }),
      metric("PublishLatency", "p99", { extendedStatistic: 99 }),
    ]),
    graph("Publish to a queued delivery, milliseconds", [
      metric("QueuedDeliveryLatency", "p50", { extendedStatistic: 50 }),
      metric("QueuedDeliveryLatency", "p99", { extendedStatistic: 99 }),
    ]),
    graph("Gone, queued and given up", [
      metric("Gone", "gone"),
      metric("Queued", "queued"),
      metric("GivenUp", "given up"),
    ]),
  ];
}

function graph(title: string, metrics: awsx.classic.cloudwatch.WidgetMetric[]) {
  return new LineGraphMetricWidget({ title, width: 6, metrics });
}

/** Returns the sum of a metric of this stack, or a percentile. */
function metric(
  name: MetricName,
  label: string,
  {
    extendedStatistic,
    ...more
  }: { id?: string; visible?: boolean; extendedStatistic?: number } = {},
) {
  return new Metric({
    namespace: pulumi.getProject(),
    name,
    dimensions: { [stackDimension]: pulumi.getStack() },
    label,
    period: 60,
    ...(extendedStatistic === undefined ? { statistic: "Sum" } : { extendedStatistic }),
    ...more,
  });
}

function perSecond(id: string, label: string) {
  return new ExpressionWidgetMetric(`FILL(${id}, 0) / PERIOD(${id})`, label);
}

/** Finds the metric of each reason that there has been. */
function refusalsByReason(): string {
  const name: MetricName = "HandshakesRefused";
  const schema = `{"${pulumi.getProject()}",${stackDimension},${reasonDimension}}`;
  const terms = `MetricName="${name}" ${stackDimension}="${pulumi.getStack()}"`;
  return `SEARCH('${schema} ${terms}', 'Sum')`;
}
