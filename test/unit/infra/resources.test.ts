import assert from "node:assert/strict";
import { run } from "../../support/program.ts";
import { declared, nameOf, type Declared } from "../../support/declared.ts";

describe("the program", () => {
  let program: Declared;
  before(async () => {
    program = await declared();
  });

  it("declares exactly these resources", () => {
    const counts: Record<string, number> = {};
    for (const { type } of program.resources) counts[type] = (counts[type] ?? 0) + 1;
    assert.deepEqual(counts, {
      "aws:apigatewayv2/api:Api": 2,
      "aws:apigatewayv2/integration:Integration": 2,
      "aws:apigatewayv2/route:Route": 24,
      "aws:apigatewayv2/routeResponse:RouteResponse": 7,
      "aws:apigatewayv2/stage:Stage": 2,
      "aws:cloudwatch/dashboard:Dashboard": 1,
      "aws:cloudwatch/logGroup:LogGroup": 4,
      "aws:cloudwatch/metricAlarm:MetricAlarm": 13,
      "aws:dynamodb/table:Table": 1,
      "aws:iam/role:Role": 3,
      "aws:iam/rolePolicy:RolePolicy": 3,
      "aws:lambda/eventSourceMapping:EventSourceMapping": 1,
      "aws:lambda/function:Function": 3,
      "aws:lambda/functionRecursionConfig:FunctionRecursionConfig": 1,
      "aws:lambda/permission:Permission": 24,
      "aws:sqs/queue:Queue": 2,
    });
  });

  it("keeps everything in one table, on demand, with DynamoDB's own key and an end to each item", () => {
    assert.deepEqual(program.inputsOf("aws:dynamodb/table:Table"), {
      [nameOf("channels")]: {
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
              { attributeName: "sk", keyType: "RANGE" },
            ],
            name: "channels",
            projectionType: "KEYS_ONLY",
          },
        ],
        hashKey: "pk",
        pointInTimeRecovery: { enabled: false },
        rangeKey: "sk",
        ttl: { attributeName: "expiresAt", enabled: true },
      },
    });
  });

  it("protects the table and keeps backups where the stack says so", async () => {
    const { resources } = await run({
      "websocket-channels:deletionProtection": "true",
      "websocket-channels:pointInTimeRecovery": "true",
    });
    const table = resources.find(({ type }) => type === "aws:dynamodb/table:Table");
    const { deletionProtectionEnabled, pointInTimeRecovery } = { ...table?.inputs } as Record<
      string,
      unknown
    >;
    assert.deepEqual(
      { deletionProtectionEnabled, pointInTimeRecovery },
      { deletionProtectionEnabled: true, pointInTimeRecovery: { enabled: true } },
    );
  });

  it("encrypts table, queues and logs with the stack's own key, which the functions may use", async () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const { inputsOf } = await declared({ "websocket-channels:kmsKeyArn": kmsKeyArn });
    const kept = (type: string, property: string) =>
      Object.values(inputsOf(type)).map((inputs) => (inputs as Record<string, unknown>)[property]);
    assert.deepEqual(kept("aws:dynamodb/table:Table", "serverSideEncryption"), [
      { enabled: true, kmsKeyArn },
    ]);
    assert.deepEqual(kept("aws:sqs/queue:Queue", "kmsMasterKeyId"), [kmsKeyArn, kmsKeyArn]);
    // SQS refuses a queue with both kinds of encryption.
    assert.deepEqual(kept("aws:sqs/queue:Queue", "sqsManagedSseEnabled"), [undefined, undefined]);
    assert.deepEqual(
      kept("aws:cloudwatch/logGroup:LogGroup", "kmsKeyId"),
      Array(4).fill(kmsKeyArn),
    );
    const use = {
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: [kmsKeyArn],
    };
    for (const { Statement } of kept("aws:iam/rolePolicy:RolePolicy", "policy") as Policy[]) {
      const ofKey = Statement.filter(({ Action }) =>
        Action.some((name) => name.startsWith("kms:")),
      );
      assert.deepEqual(ofKey, [use]);
    }
  });

  it("tags what takes tags with project and stack", () => {
    const tagged = program.resources.filter(({ inputs }) => "tags" in inputs);
    for (const { urn, inputs } of tagged) {
      const tags = { project: "websocket-channels", stack: "staging" };
      assert.deepEqual((inputs as { tags?: object }).tags, tags, urn);
    }
    assert.deepEqual([...new Set(tagged.map(({ type }) => type))].sort(), [
      "aws:apigatewayv2/api:Api",
      "aws:apigatewayv2/stage:Stage",
      "aws:cloudwatch/logGroup:LogGroup",
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      "aws:dynamodb/table:Table",
      "aws:iam/role:Role",
      "aws:lambda/eventSourceMapping:EventSourceMapping",
      "aws:lambda/function:Function",
      "aws:sqs/queue:Queue",
    ]);
  });

  it("tags all of it with what the stack's config adds", async () => {
    const tags = { team: "messaging", "cost:center": 42 };
    const { resources } = await run({ "websocket-channels:tags": JSON.stringify(tags) });
    const tagged = resources.filter(({ inputs }) => "tags" in inputs);
    assert.equal(tagged.length, program.resources.filter(({ inputs }) => "tags" in inputs).length);
    const ours = { project: "websocket-channels", stack: "staging" };
    const all = { team: "messaging", "cost:center": "42", ...ours };
    for (const { urn, inputs } of tagged) {
      assert.deepEqual((inputs as { tags?: object }).tags, all, urn);
    }
  });

  it("fixes no physical name that has to be the only one", () => {
    const many = ["aws:apigatewayv2/stage:Stage", "aws:apigatewayv2/api:Api"];
    const named = program.resources.filter(
      ({ type, inputs }) => !many.includes(type) && "name" in inputs,
    );
    assert.deepEqual(named, []);
  });

  it("names what the console lists after project and stack", () => {
    const listed = /:(Api|Table|Queue|Function|LogGroup|Role|MetricAlarm)$/;
    for (const { type, name, inputs } of program.resources) {
      if (!listed.test(type)) continue;
      const shown = type.endsWith(":Api") && "name" in inputs ? String(inputs.name) : name;
      assert.match(shown, /^websocket-channels-staging-./, type);
    }
  });

  it("answers with URLs, lines to paste, what to look at and what to build on", async () => {
    const {
      outputs: { readme, ...outputs },
    } = await run();
    const names = Object.fromEntries(
      ["websocket", "http", "fanout"].map((fn) => [fn, `${nameOf(fn)}-local`]),
    );
    assert.deepEqual(outputs, {
      websocketUrl: "wss://sockets.example/staging",
      httpUrl: "https://http.example/staging/",
      wscat: "npx wscat --connect wss://sockets.example/staging",
      curl: "curl https://http.example/staging/ -d message",
      connectionsEndpoint: "https://sockets.example/staging",
      websocketApiId: "websocket-local",
      httpApiId: "http-local",
      tableName: "websocket-channels-staging-channels-local",
      tableArn:
        "arn:aws:dynamodb:us-east-1:000000000000:table/websocket-channels-staging-channels-local",
      deliveryQueueArn:
        "arn:aws:sqs:us-east-1:000000000000:websocket-channels-staging-deliveries-local",
      deadLetterQueueArn:
        "arn:aws:sqs:us-east-1:000000000000:websocket-channels-staging-deliveries-dead-letters-local",
      functionNames: names,
      logGroupNames: names,
      dashboardUrl:
        "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards:name=websocket-channels-staging-channels-local",
    });
    const lines = String(readme).split("\n");
    assert.equal(lines[0], "# websocket-channels, staging");
    for (const line of [outputs.wscat, outputs.curl]) assert.ok(lines.some((one) => one === line));
    for (const [fn, name] of Object.entries(names)) {
      assert.ok(lines.includes(`- logs of ${fn}: \`aws logs tail --follow ${name}\``));
    }
  });

  it("answers with lines that sign, or take a token, where that is wanted", async () => {
    const key = "websocket-channels:";
    const { outputs: signed } = await run({ [`${key}auth`]: "iam" });
    assert.deepEqual(
      [signed.wscat, signed.curl],
      [
        'npx wscat --connect "$(npm run --silent url -- --region us-east-1 --url wss://sockets.example/staging)"',
        'curl https://http.example/staging/ -d message --aws-sigv4 "aws:amz:us-east-1:execute-api" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"',
      ],
    );
    const { outputs: bearer } = await run({
      [`${key}auth`]: "jwt",
      [`${key}jwtIssuer`]: "https://issuer.example",
      [`${key}jwtAudience`]: "channels",
    });
    assert.deepEqual(
      [bearer.wscat, bearer.curl],
      [
        'npx wscat --connect "wss://sockets.example/staging?token=$TOKEN"',
        'curl https://http.example/staging/ -d message -H "authorization: Bearer $TOKEN"',
      ],
    );
  });
});

type Policy = { Statement: { Action: string[] }[] };
