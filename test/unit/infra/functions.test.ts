import assert from "node:assert/strict";
import { cloud } from "../../support/program.ts";
import { account, declared, nameOf, type Declared } from "../../support/declared.ts";

const queueUrl = (name: string) => `${cloud.sqsOrigin}/${account}/${name}-local`;

describe("the functions", () => {
  let program: Declared;
  before(async () => {
    program = await declared();
  });

  it("gives each function its own role, log group and environment", () => {
    const environment = {
      AUTH: "none",
      CONNECTIONS_ENDPOINT: "https://sockets.example/staging",
      DEAD_LETTER_QUEUE_URL: queueUrl("deliveries-dead-letters"),
      DEFAULT_CHANNEL: "test",
      DELIVERY_CONCURRENCY: "256",
      DELIVERY_QUEUE_URL: queueUrl("deliveries"),
      HISTORY_SECONDS: "300",
      INLINE_RECIPIENTS: "1000",
      MAX_MESSAGE_BYTES: "131072",
      NODE_OPTIONS: "--enable-source-maps",
      POWERTOOLS_SERVICE_NAME: "websocket-channels",
      TABLE_NAME: "channels-local",
      WEBSOCKET_URL: "wss://sockets.example/staging",
    };
    const fn = (name: string, timeout = 29) => ({
      architectures: ["arm64"],
      code: `build/${name}`,
      environment: { variables: environment },
      handler: "index.handler",
      loggingConfig: { logFormat: "JSON", logGroup: `${nameOf(name)}-local` },
      memorySize: 512,
      role: `arn:aws:iam::${account}:role/${nameOf(name)}-local`,
      runtime: "nodejs24.x",
      timeout,
    });
    assert.deepEqual(program.inputsOf("aws:lambda/function:Function"), {
      [nameOf("websocket")]: fn("websocket"),
      [nameOf("http")]: fn("http"),
      [nameOf("fanout")]: fn("fanout", 60),
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
    assert.deepEqual(program.inputsOf("aws:iam/role:Role"), {
      [nameOf("websocket")]: trust,
      [nameOf("http")]: trust,
      [nameOf("fanout")]: trust,
    });
    assert.deepEqual(program.inputsOf("aws:cloudwatch/logGroup:LogGroup"), {
      [nameOf("websocket")]: { retentionInDays: 14 },
      [nameOf("http")]: { retentionInDays: 14 },
      [nameOf("fanout")]: { retentionInDays: 14 },
    });
  });

  it("reserves instances for the websocket function alone, where the stack says how many", async () => {
    for (const [value, reserved] of [
      ["0", []],
      ["25", [`${nameOf("websocket")} 25`]],
    ] as const) {
      const changed = await declared({ "websocket-channels:reservedConcurrency": value });
      const functions = Object.entries(changed.inputsOf("aws:lambda/function:Function"));
      const found = functions.flatMap(([name, inputs]) =>
        "reservedConcurrentExecutions" in inputs
          ? [`${name} ${String(inputs.reservedConcurrentExecutions)}`]
          : [],
      );
      assert.deepEqual(found, reserved);
    }
  });

  it("queues deliveries, with dead letters that raise an alarm", () => {
    const arn = (name: string) => `arn:aws:sqs:us-east-1:${account}:${name}-local`;
    assert.deepEqual(program.inputsOf("aws:sqs/queue:Queue"), {
      deliveries: {
        redrivePolicy: JSON.stringify({
          deadLetterTargetArn: arn("deliveries-dead-letters"),
          maxReceiveCount: 6,
        }),
        sqsManagedSseEnabled: true,
        visibilityTimeoutSeconds: 360,
      },
      "deliveries-dead-letters": { messageRetentionSeconds: 1_209_600, sqsManagedSseEnabled: true },
    });
    assert.deepEqual(program.inputsOf("aws:lambda/eventSourceMapping:EventSourceMapping"), {
      deliveries: {
        batchSize: 1,
        eventSourceArn: arn("deliveries"),
        functionName: `${nameOf("fanout")}-local`,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: 10 },
      },
    });
    assert.deepEqual(
      program.inputsOf("aws:lambda/functionRecursionConfig:FunctionRecursionConfig"),
      {
        deliveries: { functionName: `${nameOf("fanout")}-local`, recursiveLoop: "Allow" },
      },
    );
    assert.deepEqual(program.inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm"), {
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
});
