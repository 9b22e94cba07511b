import assert from "node:assert/strict";
import { declared, nameOf, type Declared } from "../../support/declared.ts";

describe("the dashboard", () => {
  let program: Declared;
  before(async () => {
    program = await declared();
  });

  it("shows traffic, errors and latencies of both APIs, the functions and the table", () => {
    const [dashboard] = Object.values(program.inputsOf("aws:cloudwatch/dashboard:Dashboard"));
    const { dashboardName, dashboardBody } = dashboard as Record<string, string>;
    assert.equal(dashboardName, "channels-local");
    const body = JSON.parse(dashboardBody ?? "") as { widgets: { properties: Widget }[] };
    const shownMetrics = body.widgets.map(({ properties: { title, metrics } }) => [
      title,
      metrics.map((metric) => metric.filter((part) => typeof part === "string").join(" ")),
    ]);
    const webSocket = "ApiId websocket-local Stage staging";
    const http = "ApiId http-local Stage staging";
    const ofFunctions = (name: string) =>
      ["websocket", "http", "fanout"].map(
        (fn) => `AWS/Lambda ${name} FunctionName ${nameOf(fn)}-local`,
      );
    assert.deepEqual(Object.fromEntries(shownMetrics), {
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
        `AWS/ApiGateway Latency ${http}`,
        `AWS/ApiGateway IntegrationLatency ${http}`,
      ],
      "Function errors": ofFunctions("Errors"),
      "Function throttles": ofFunctions("Throttles"),
      "Function duration, 99th percentile": ofFunctions("Duration"),
      "Table units": [
        "AWS/DynamoDB ConsumedReadCapacityUnits TableName channels-local",
        "AWS/DynamoDB ConsumedWriteCapacityUnits TableName channels-local",
      ],
      "Deliveries waiting and dead": [
        "AWS/SQS ApproximateNumberOfMessagesVisible QueueName deliveries-local",
        "AWS/SQS ApproximateNumberOfMessagesVisible QueueName deliveries-dead-letters-local",
      ],
      "Oldest delivery, seconds": [
        "AWS/SQS ApproximateAgeOfOldestMessage QueueName deliveries-local",
      ],
    });
  });
});

type Widget = { title: string; metrics: unknown[][] };
