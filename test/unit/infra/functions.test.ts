import assert from "node:assert/strict";
import { cloud } from "../../support/program.ts";
import { account, declared, nameOf, type Declared } from "../../support/declared.ts";

const queueUrl = (name: string) => `${cloud.sqsOrigin}/${account}/${name}-local`;

const tokens = {
  "websocket-channels:auth": "jwt",
  "websocket-channels:jwtIssuer": "https://issuer.example",
  "websocket-channels:jwtAudience": "channels",
};

describe("the functions", () => {
  let program: Declared;
  before(async () => {
    program = await declared();
  });

  it("gives each function its own role, log group and environment", () => {
    const environment = {
      AUTH: "none",
      CONNECTIONS_ENDPOINT: "https://sockets.example/staging",
      DEAD_LETTER_QUEUE_URL: queueUrl(nameOf("deliveries-dead-letters")),
      DEFAULT_CHANNEL: "test",
      DELIVERY_CONCURRENCY: "256",
      DELIVERY_QUEUE_URL: queueUrl(nameOf("deliveries")),
      HISTORY_SECONDS: "300",
      INLINE_RECIPIENTS: "1000",
      MAX_MESSAGE_BYTES: "131072",
      PRESENCE_LIMIT: "200",
      PRESENCE_GRACE_SECONDS: "10",
      PREFIX_SUBSCRIPTIONS: "false",
      NODE_OPTIONS: "--enable-source-maps",
      POWERTOOLS_SERVICE_NAME: "websocket-channels",
      STACK_NAME: "staging",
      TABLE_NAME: "websocket-channels-staging-channels-local",
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
    const logGroups = program.inputsOf("aws:cloudwatch/logGroup:LogGroup");
    for (const name of ["websocket", "http", "fanout"]) {
      assert.deepEqual(logGroups[nameOf(name)], { retentionInDays: 14 });
    }
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

  it("gives each function the memory that the stack says, and the others what they have", async () => {
    const memorySize = JSON.stringify({ http: 1024, authorizer: 256 });
    const changed = await declared({ "websocket-channels:memorySize": memorySize, ...tokens });
    const found = Object.entries(changed.inputsOf("aws:lambda/function:Function")).map(
      ([name, inputs]) => [name, "memorySize" in inputs && inputs.memorySize],
    );
    assert.deepEqual(Object.fromEntries(found), {
      [nameOf("authorizer")]: 256,
      [nameOf("websocket")]: 512,
      [nameOf("http")]: 1024,
      [nameOf("fanout")]: 512,
    });
  });

  it("has X-Ray trace each function where the stack says so, and lets Lambda send that", async () => {
    const traced = await declared({ "websocket-channels:tracing": "true", ...tokens });
    const functions = Object.values(traced.inputsOf("aws:lambda/function:Function"));
    const policies = Object.values(traced.inputsOf("aws:iam/rolePolicy:RolePolicy"));
    assert.deepEqual([functions.length, policies.length], [4, 4]);
    for (const inputs of functions) {
      assert.deepEqual("tracingConfig" in inputs && inputs.tracingConfig, { mode: "Active" });
    }
    const send = {
      Effect: "Allow",
      Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
      Resource: ["*"],
    };
    for (const inputs of policies as { policy: { Statement: { Action: string[] }[] } }[]) {
      const ofXRay = inputs.policy.Statement.filter(({ Action: [first] }) =>
        `${first}`.startsWith("xray:"),
      );
      assert.deepEqual(ofXRay, [send]);
    }
  });

  it("queues deliveries, with a queue for those that nobody could make", () => {
    const arn = (name: string) => `arn:aws:sqs:us-east-1:${account}:${name}-local`;
    assert.deepEqual(program.inputsOf("aws:sqs/queue:Queue"), {
      [nameOf("deliveries")]: {
        redrivePolicy: JSON.stringify({
          deadLetterTargetArn: arn(nameOf("deliveries-dead-letters")),
          maxReceiveCount: 6,
        }),
        sqsManagedSseEnabled: true,
        visibilityTimeoutSeconds: 360,
      },
      [nameOf("deliveries-dead-letters")]: {
        messageRetentionSeconds: 1_209_600,
        sqsManagedSseEnabled: true,
      },
    });
    assert.deepEqual(program.inputsOf("aws:lambda/eventSourceMapping:EventSourceMapping"), {
      deliveries: {
        batchSize: 1,
        eventSourceArn: arn(nameOf("deliveries")),
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
  });
});
