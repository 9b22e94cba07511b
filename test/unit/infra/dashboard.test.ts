import assert from "node:assert/strict";
import { costOfPublish } from "../../../bench/cost.ts";
import { evaluate } from "../../../local/cloudwatch/metric-math.ts";
import { isRecord, recordOf } from "../../../local/shared/record.ts";
import { declared, nameOf } from "../../support/declared.ts";

describe("the dashboard", () => {
  let name: string | undefined;
  let body: { widgets: { properties: Widget }[] };
  before(async () => {
    const program = await declared();
    const [dashboard] = Object.values(program.inputsOf("aws:cloudwatch/dashboard:Dashboard"));
    const { dashboardName, dashboardBody } = dashboard as Record<string, string>;
    name = dashboardName;
    body = JSON.parse(dashboardBody ?? "") as typeof body;
  });

  it("shows what the channels do and cost, and traffic, errors and latencies of all that a message passes", () => {
    assert.equal(name, "websocket-channels-staging-channels-local");
    const shownMetrics = body.widgets.map(({ properties: { title, metrics } }) => [
      title,
      metrics.map(wordsOf),
    ]);
    const own = (name: string) => `websocket-channels ${name} stack staging`;
    const webSocket = "ApiId websocket-local Stage staging";
    const http = "ApiId http-local Stage staging";
    const ofFunctions = (name: string, stat = "") =>
      ["websocket", "http", "fanout"].map(
        (fn) => `AWS/Lambda ${name} FunctionName ${nameOf(fn)}-local${stat}`,
      );
    assert.deepEqual(Object.fromEntries(shownMetrics), {
      "Open connections": [
        "FILL(opened, 0) - FILL(ended, 0)",
        `opened: ${own("ConnectionsOpened")}`,
        `ended: ${own("ConnectionsEnded")}`,
      ],
      "Connections opened and closed": [own("ConnectionsOpened"), own("ConnectionsClosed")],
      "Handshakes refused, by reason": [
        `SEARCH('{"websocket-channels",stack,reason} MetricName="HandshakesRefused" stack="staging"', 'Sum')`,
      ],
      "Messages and deliveries per second": [
        "FILL(messages, 0) / PERIOD(messages)",
        "FILL(deliveries, 0) / PERIOD(deliveries)",
        `messages: ${own("MessagesPublished")}`,
        `deliveries: ${own("Deliveries")}`,
      ],
      "Publish to its last post, milliseconds": [
        `${own("PublishLatency")} p50`,
        `${own("PublishLatency")} p99`,
      ],
      "Publish to a queued delivery, milliseconds": [
        `${own("QueuedDeliveryLatency")} p50`,
        `${own("QueuedDeliveryLatency")} p99`,
      ],
      "Gone, queued and given up": [own("Gone"), own("Queued"), own("GivenUp")],
      "Cost of the last hour, dollars": [
        [
          "FILL(cost0, 0) * 0.000001",
          "FILL(cost1, 0) * 0.000001",
          "FILL(cost2, 0) * 0.000000125",
          "FILL(cost3, 0) * 0.000000625",
          ...[4, 5, 6, 7].map((index) => `FILL(cost${index}, 0) * 0.0000004`),
          ...[8, 10, 12].flatMap((index) => [
            `FILL(cost${index}, 0) * 0.0000002`,
            `FILL(cost${index + 1}, 0) * 0.0000000066667`,
          ]),
        ].join(" + "),
        `cost0: AWS/ApiGateway Count ${http}`,
        `cost1: AWS/ApiGateway MessageCount ${webSocket}`,
        "cost2: AWS/DynamoDB ConsumedReadCapacityUnits TableName websocket-channels-staging-channels-local",
        "cost3: AWS/DynamoDB ConsumedWriteCapacityUnits TableName websocket-channels-staging-channels-local",
        ...[
          "NumberOfMessagesSent",
          "NumberOfMessagesReceived",
          "NumberOfEmptyReceives",
          "NumberOfMessagesDeleted",
        ].map(
          (name, index) =>
            `cost${index + 4}: AWS/SQS ${name} QueueName websocket-channels-staging-deliveries-local`,
        ),
        ...["websocket", "http", "fanout"].flatMap((fn, index) =>
          ["Invocations", "Duration"].map(
            (name, offset) =>
              `cost${2 * index + offset + 8}: AWS/Lambda ${name} FunctionName ${nameOf(fn)}-local`,
          ),
        ),
      ],
      "WebSocket traffic": [
        `AWS/ApiGateway ConnectCount ${webSocket}`,
        `AWS/ApiGateway MessageCount ${webSocket}`,
      ],
      "WebSocket errors": [
        `AWS/ApiGateway ClientError ${webSocket}`,
        `AWS/ApiGateway IntegrationError ${webSocket}`,
        `AWS/ApiGateway ExecutionError ${webSocket}`,
      ],
      "HTTP requests and errors": [
        `AWS/ApiGateway Count ${http}`,
        `AWS/ApiGateway 4xx ${http}`,
        `AWS/ApiGateway 5xx ${http}`,
      ],
      "HTTP latency, 99th percentile": [
        `AWS/ApiGateway Latency ${http} p99`,
        `AWS/ApiGateway IntegrationLatency ${http} p99`,
      ],
      "Function errors": ofFunctions("Errors"),
      "Function throttles": ofFunctions("Throttles"),
      "Function duration, 99th percentile": ofFunctions("Duration", " p99"),
      "Table units": [
        "AWS/DynamoDB ConsumedReadCapacityUnits TableName websocket-channels-staging-channels-local",
        "AWS/DynamoDB ConsumedWriteCapacityUnits TableName websocket-channels-staging-channels-local",
      ],
      "Deliveries waiting and dead": [
        "AWS/SQS ApproximateNumberOfMessagesVisible QueueName websocket-channels-staging-deliveries-local Average",
        "AWS/SQS ApproximateNumberOfMessagesVisible QueueName websocket-channels-staging-deliveries-dead-letters-local Average",
      ],
      "Oldest delivery, seconds": [
        "AWS/SQS ApproximateAgeOfOldestMessage QueueName websocket-channels-staging-deliveries-local Maximum",
      ],
    });
  });

  it("has its numbers from a whole time up to now, and all else from the time that one looks at", () => {
    const numbers = body.widgets
      .filter(({ properties: { view } }) => view === "singleValue")
      .map(({ properties: { title, start, setPeriodToTimeRange, period, metrics } }) => [
        ...[title, start, setPeriodToTimeRange, period],
        ...new Set(metrics.slice(1).map((metric) => optionsOf(metric).period)),
      ]);
    assert.deepEqual(numbers, [
      ["Open connections", "-PT130M", true, 7_800, 7_800],
      ["Cost of the last hour, dollars", "-PT60M", true, 3_600, 3_600],
    ]);
    assert.deepEqual(
      body.widgets.filter(({ properties: { view, start } }) => view === "timeSeries" && start),
      [],
    );
  });

  it("costs what the arithmetic of a publish says, given what CloudWatch counts of one", () => {
    const expression = wordsOf(
      body.widgets.find(({ properties: { title } }) => title.startsWith("Cost"))?.properties
        .metrics[0] ?? [],
    );
    for (const subscribers of [1, 1_000, 10_000, 1_000_000]) {
      const cost = costOfPublish(subscribers);
      const units: Record<string, number> = {
        ...{ cost0: 1, cost1: cost.posts, cost2: cost.readUnits, cost3: cost.writeUnits },
        ...{ cost4: cost.queueRequests, cost10: 1, cost12: cost.invocations - 1 },
        cost13: cost.functionMilliseconds,
      };
      const dollars = evaluate(expression, { of: (id) => units[id], periodSeconds: 3_600 }) ?? NaN;
      const difference = Math.abs(dollars / cost.dollars - 1);
      assert.ok(difference < 1e-9, `${subscribers}: ${dollars}, not ${cost.dollars}`);
    }
  });
});

type Widget = {
  title: string;
  metrics: unknown[][];
  view: string;
  period: number;
  start?: string;
  setPeriodToTimeRange?: boolean;
};
type Options = { expression?: string; id?: string; stat?: string; period?: number };

function optionsOf(metric: unknown[]): Options {
  return recordOf(metric.find(isRecord));
}

/** Says a line of a widget, with its statistic where that is not the sum. */
function wordsOf(metric: unknown[]): string {
  const { expression, id, stat = "Sum" } = optionsOf(metric);
  if (expression !== undefined) return expression;
  const words = metric.filter((part) => typeof part === "string").join(" ");
  return [id === undefined ? "" : `${id}: `, words, stat === "Sum" ? "" : ` ${stat}`].join("");
}
