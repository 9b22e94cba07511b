import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { Resource } from "../../local/graph/resource.ts";
import { cloud, run } from "./run.ts";

const account = "000000000000";
const executionArn = (api: string) => `arn:aws:execute-api:us-east-1:${account}:${api}-local`;
const invokeArn = (fn: string) =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:${account}:function:${fn}-local/invocations`;

const queueUrl = (name: string) => `${cloud.sqsOrigin}/${account}/${name}-local`;

const httpRoutes = {
  "http-get": "GET /",
  "http-post": "POST /",
  "http-get-channels": "GET /channels",
  "http-get-channels-channel-messages": "GET /channels/{channel}/messages",
  "http-post-channels-channel-messages": "POST /channels/{channel}/messages",
  "http-get-channels-channel-connections": "GET /channels/{channel}/connections",
  "http-get-connections-id": "GET /connections/{id}",
  "http-post-connections-id": "POST /connections/{id}",
  "http-delete-connections-id": "DELETE /connections/{id}",
  "http-get-openapi-json": "GET /openapi.json",
  "http-get-asyncapi-json": "GET /asyncapi.json",
};

describe("the program", () => {
  let resources: Resource[];
  before(async () => {
    ({ resources } = await run());
    for (const resource of resources) resource.inputs = await shown(resource.inputs);
  });

  /** Name -> inputs of every resource of one type. */
  const inputsOf = (type: string) => {
    const found = resources.filter((resource) => resource.type === type);
    return Object.fromEntries(found.map(({ name, inputs }) => [name, inputs]));
  };

  it("declares exactly these resources", () => {
    const counts: Record<string, number> = {};
    for (const { type } of resources) counts[type] = (counts[type] ?? 0) + 1;
    assert.deepEqual(counts, {
      "aws:apigatewayv2/api:Api": 2,
      "aws:apigatewayv2/integration:Integration": 19,
      "aws:apigatewayv2/route:Route": 19,
      "aws:apigatewayv2/routeResponse:RouteResponse": 6,
      "aws:apigatewayv2/stage:Stage": 2,
      "aws:cloudwatch/dashboard:Dashboard": 1,
      "aws:cloudwatch/logGroup:LogGroup": 3,
      "aws:cloudwatch/metricAlarm:MetricAlarm": 1,
      "aws:dynamodb/table:Table": 1,
      "aws:iam/role:Role": 3,
      "aws:iam/rolePolicy:RolePolicy": 3,
      "aws:lambda/eventSourceMapping:EventSourceMapping": 1,
      "aws:lambda/function:Function": 3,
      "aws:lambda/permission:Permission": 19,
      "aws:sqs/queue:Queue": 2,
    });
  });

  it("keeps everything in one table, on demand, encrypted, with an end to each item", () => {
    assert.deepEqual(inputsOf("aws:dynamodb/table:Table"), {
      channels: {
        attributes: [
          { name: "pk", type: "S" },
          { name: "sk", type: "S" },
          { name: "kind", type: "S" },
        ],
        billingMode: "PAY_PER_REQUEST",
        deletionProtectionEnabled: false,
        globalSecondaryIndexes: [
          {
            keySchemas: [
              { attributeName: "kind", keyType: "HASH" },
              { attributeName: "pk", keyType: "RANGE" },
            ],
            name: "channels",
            projectionType: "KEYS_ONLY",
          },
        ],
        hashKey: "pk",
        pointInTimeRecovery: { enabled: false },
        rangeKey: "sk",
        serverSideEncryption: { enabled: true },
        ttl: { attributeName: "expiresAt", enabled: true },
      },
    });
  });

  it("gives each function its own role, log group and environment", () => {
    const environment = {
      CONNECTIONS_ENDPOINT: "https://sockets.example/staging",
      DEAD_LETTER_QUEUE_URL: queueUrl("deliveries-dead-letters"),
      DEFAULT_CHANNEL: "test",
      DELIVERY_CONCURRENCY: "256",
      DELIVERY_QUEUE_URL: queueUrl("deliveries"),
      HISTORY_SECONDS: "300",
      INLINE_RECIPIENTS: "1000",
      NODE_OPTIONS: "--enable-source-maps",
      POWERTOOLS_SERVICE_NAME: "websocket-channels",
      TABLE_NAME: "channels-local",
      WEBSOCKET_URL: "wss://sockets.example/staging",
    };
    const fn = (name: string, timeout = 29) => ({
      architectures: ["arm64"],
      code: ["index.mjs", "index.mjs.map"],
      environment: { variables: environment },
      handler: "index.handler",
      loggingConfig: { logFormat: "JSON", logGroup: `${name}-local` },
      memorySize: 512,
      role: `arn:aws:iam::${account}:role/${name}-local`,
      runtime: "nodejs24.x",
      timeout,
    });
    assert.deepEqual(inputsOf("aws:lambda/function:Function"), {
      websocket: fn("websocket"),
      http: fn("http"),
      fanout: fn("fanout", 60),
    });
    const trust = {
      assumeRolePolicy: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "AllowAssumeRole",
            Effect: "Allow",
            Principal: { Service: "lambda.amazonaws.com" },
            Action: "sts:AssumeRole",
          },
        ],
      },
    };
    assert.deepEqual(inputsOf("aws:iam/role:Role"), {
      ...{ websocket: trust, http: trust, fanout: trust },
    });
    assert.deepEqual(inputsOf("aws:cloudwatch/logGroup:LogGroup"), {
      websocket: { retentionInDays: 14 },
      http: { retentionInDays: 14 },
      fanout: { retentionInDays: 14 },
    });
  });

  it("queues deliveries, with dead letters that raise an alarm", () => {
    const arn = (name: string) => `arn:aws:sqs:us-east-1:${account}:${name}-local`;
    assert.deepEqual(inputsOf("aws:sqs/queue:Queue"), {
      deliveries: {
        redrivePolicy: JSON.stringify({
          deadLetterTargetArn: arn("deliveries-dead-letters"),
          maxReceiveCount: 5,
        }),
        sqsManagedSseEnabled: true,
        visibilityTimeoutSeconds: 360,
      },
      "deliveries-dead-letters": { messageRetentionSeconds: 1_209_600, sqsManagedSseEnabled: true },
    });
    assert.deepEqual(inputsOf("aws:lambda/eventSourceMapping:EventSourceMapping"), {
      deliveries: {
        batchSize: 5,
        eventSourceArn: arn("deliveries"),
        functionName: "fanout-local",
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: 10 },
      },
    });
    assert.deepEqual(inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm"), {
      "deliveries-dead-letters": {
        actionsEnabled: true,
        alarmDescription: "A message could not be delivered to somebody, after every retry.",
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        dimensions: { QueueName: "deliveries-dead-letters-local" },
        evaluationPeriods: 1,
        metricName: "ApproximateNumberOfMessagesVisible",
        namespace: "AWS/SQS",
        period: 300,
        statistic: "Maximum",
        threshold: 1,
        treatMissingData: "missing",
        unit: "Count",
      },
    });
  });

  it("makes both APIs, each with one stage that is named after the stack", () => {
    assert.deepEqual(inputsOf("aws:apigatewayv2/api:Api"), {
      websocket: { protocolType: "WEBSOCKET", routeSelectionExpression: "$request.body.action" },
      http: { protocolType: "HTTP" },
    });
    const stage = (api: string) => ({
      apiId: `${api}-local`,
      autoDeploy: true,
      defaultRouteSettings: { throttlingBurstLimit: 500, throttlingRateLimit: 1000 },
      name: "staging",
    });
    assert.deepEqual(inputsOf("aws:apigatewayv2/stage:Stage"), {
      websocket: stage("websocket"),
      http: stage("http"),
    });
  });

  it("routes the WebSocket API, and replies to messages only", () => {
    const route = (routeKey: string) => {
      const name = `websocket-${routeKey.replace("$", "")}`;
      const reply = { routeResponseSelectionExpression: "$default" };
      return {
        apiId: "websocket-local",
        routeKey,
        target: `integrations/${name}-local`,
        ...(!["$connect", "$disconnect"].includes(routeKey) && reply),
      };
    };
    const routes = inputsOf("aws:apigatewayv2/route:Route");
    assert.deepEqual(pick(routes, "websocket-"), {
      "websocket-connect": route("$connect"),
      "websocket-disconnect": route("$disconnect"),
      "websocket-default": route("$default"),
      "websocket-subscribe": route("subscribe"),
      "websocket-unsubscribe": route("unsubscribe"),
      "websocket-publish": route("publish"),
      "websocket-history": route("history"),
      "websocket-ping": route("ping"),
    });
    const response = (name: string) => ({
      apiId: "websocket-local",
      routeId: `websocket-${name}-local`,
      routeResponseKey: "$default",
    });
    assert.deepEqual(inputsOf("aws:apigatewayv2/routeResponse:RouteResponse"), {
      "websocket-default": response("default"),
      "websocket-subscribe": response("subscribe"),
      "websocket-unsubscribe": response("unsubscribe"),
      "websocket-publish": response("publish"),
      "websocket-history": response("history"),
      "websocket-ping": response("ping"),
    });
  });

  it("routes the HTTP API", () => {
    const routes = Object.entries(httpRoutes).map(([name, routeKey]) => [
      name,
      { apiId: "http-local", routeKey, target: `integrations/${name}-local` },
    ]);
    assert.deepEqual(
      pick(inputsOf("aws:apigatewayv2/route:Route"), "http-"),
      Object.fromEntries(routes),
    );
  });

  it("integrates every route with its API's function", () => {
    const expected = resources
      .filter(({ type }) => type === "aws:apigatewayv2/route:Route")
      .map(({ name }) => {
        const api = name.startsWith("http") ? "http" : "websocket";
        const integration = {
          apiId: `${api}-local`,
          integrationType: "AWS_PROXY",
          integrationUri: invokeArn(api),
        };
        return [
          name,
          api === "http" ? { ...integration, payloadFormatVersion: "2.0" } : integration,
        ];
      });
    assert.deepEqual(
      inputsOf("aws:apigatewayv2/integration:Integration"),
      Object.fromEntries(expected),
    );
  });

  it("lets each API invoke its function, route by route", () => {
    const permission = (api: string, route: string) => ({
      action: "lambda:InvokeFunction",
      function: `${api}-local`,
      principal: "apigateway.amazonaws.com",
      sourceArn: `${executionArn(api)}/staging/${route}`,
    });
    assert.deepEqual(inputsOf("aws:lambda/permission:Permission"), {
      "websocket-connect": permission("websocket", "$connect"),
      "websocket-disconnect": permission("websocket", "$disconnect"),
      "websocket-default": permission("websocket", "$default"),
      "websocket-subscribe": permission("websocket", "subscribe"),
      "websocket-unsubscribe": permission("websocket", "unsubscribe"),
      "websocket-publish": permission("websocket", "publish"),
      "websocket-history": permission("websocket", "history"),
      "websocket-ping": permission("websocket", "ping"),
      "http-get": permission("http", "GET/"),
      "http-post": permission("http", "POST/"),
      "http-get-channels": permission("http", "GET/channels"),
      "http-get-channels-channel-messages": permission("http", "GET/channels/*/messages"),
      "http-post-channels-channel-messages": permission("http", "POST/channels/*/messages"),
      "http-get-channels-channel-connections": permission("http", "GET/channels/*/connections"),
      "http-get-connections-id": permission("http", "GET/connections/*"),
      "http-post-connections-id": permission("http", "POST/connections/*"),
      "http-delete-connections-id": permission("http", "DELETE/connections/*"),
      "http-get-openapi-json": permission("http", "GET/openapi.json"),
      "http-get-asyncapi-json": permission("http", "GET/asyncapi.json"),
    });
  });

  it("fixes no physical name", () => {
    const stage = "aws:apigatewayv2/stage:Stage";
    const named = resources.filter(({ type, inputs }) => type !== stage && "name" in inputs);
    assert.deepEqual(named, []);
  });

  it("shows traffic, errors and latencies of both APIs, the functions and the table", () => {
    const [dashboard] = Object.values(inputsOf("aws:cloudwatch/dashboard:Dashboard"));
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
      ["websocket", "http", "fanout"].map((fn) => `AWS/Lambda ${name} FunctionName ${fn}-local`);
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

  it("answers with both URLs, lines to paste, the table and the dashboard", async () => {
    const { outputs } = await run();
    assert.deepEqual(outputs, {
      websocketUrl: "wss://sockets.example/staging",
      httpUrl: "https://http.example/staging/",
      wscat: "npx wscat --connect wss://sockets.example/staging",
      curl: "curl https://http.example/staging/ -d message",
      tableName: "channels-local",
      dashboardUrl:
        "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards:name=channels-local",
    });
  });
});

type Widget = { title: string; metrics: unknown[][] };

/** A bundle is shown by the names of its files. */
async function shown(inputs: object): Promise<object> {
  const entries = Object.entries(inputs).map(async ([key, value]: [string, unknown]) => [
    key,
    value instanceof pulumi.asset.AssetArchive ? Object.keys(await value.assets).sort() : value,
  ]);
  return Object.fromEntries(await Promise.all(entries)) as object;
}

function pick(record: Record<string, unknown>, prefix: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name.startsWith(prefix)));
}
