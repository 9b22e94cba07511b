import assert from "node:assert/strict";
import { run } from "../../support/program.ts";
import { declared, type Declared } from "../../support/declared.ts";

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
    assert.deepEqual(program.inputsOf("aws:dynamodb/table:Table"), {
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

  it("fixes no physical name", () => {
    const stage = "aws:apigatewayv2/stage:Stage";
    const named = program.resources.filter(
      ({ type, inputs }) => type !== stage && "name" in inputs,
    );
    assert.deepEqual(named, []);
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

  it("answers with lines that sign, or take a token, where that is wanted", async () => {
    const key = "websocket-channels:";
    const { outputs: signed } = await run({ [`${key}auth`]: "iam" });
    assert.deepEqual(
      [signed.wscat, signed.curl],
      [
        'npx wscat --connect "$(npm run --silent url -- --url wss://sockets.example/staging)"',
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
