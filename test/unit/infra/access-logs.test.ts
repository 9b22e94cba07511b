import assert from "node:assert/strict";
import { account, declared, nameOf, type Declared } from "../../support/declared.ts";

const key = (name: string) => `websocket-channels:${name}`;
const arnOf = (api: string) =>
  `arn:aws:logs:us-east-1:${account}:log-group:${nameOf(api)}-access-local`;

/** What a line may have of a request: nothing that a client writes but its path, which has no query string. */
const harmless = new Set([
  "connectionId",
  "error.responseType",
  "eventType",
  "httpMethod",
  "identity.sourceIp",
  "integration.latency",
  "integration.status",
  "path",
  "requestId",
  "requestTimeEpoch",
  "responseLatency",
  "responseLength",
  "routeKey",
  "status",
]);

describe("the access logs", () => {
  type Settings = { destinationArn: string; format: string };
  const settingsOf = ({ inputsOf }: Declared) =>
    Object.fromEntries(
      Object.entries(inputsOf("aws:apigatewayv2/stage:Stage")).map(([name, inputs]) => [
        name,
        (inputs as { accessLogSettings?: Settings }).accessLogSettings,
      ]),
    );

  it("are the HTTP API's alone by default", async () => {
    const program = await declared();
    const { http, websocket } = settingsOf(program);
    assert.equal(http?.destinationArn, arnOf("http"));
    assert.equal(websocket, undefined);
    assert.deepEqual(
      program.inputsOf("aws:cloudwatch/logGroup:LogGroup")[`${nameOf("http")}-access`],
      { namePrefix: `/aws/vendedlogs/${nameOf("http")}-`, retentionInDays: 14 },
    );
  });

  it("are one line of JSON a request, without query string, token or body", async () => {
    const settings = settingsOf(await declared({ [key("apiGatewayLogs")]: "use" }));
    for (const [api, { format = "" } = {}] of Object.entries(settings)) {
      const line = JSON.parse(format) as Record<string, string>;
      assert.ok(!format.includes("\n") && "requestId" in line && "route" in line, api);
      for (const value of Object.values(line)) {
        assert.ok(harmless.has(value.replace("$context.", "")), `${api} logs ${value}`);
      }
    }
  });

  it("are nobody's where the stack says so", async () => {
    const program = await declared({ [key("httpAccessLogs")]: "false" });
    assert.deepEqual(settingsOf(program), { websocket: undefined, http: undefined });
    assert.equal(Object.keys(program.inputsOf("aws:cloudwatch/logGroup:LogGroup")).length, 3);
  });

  it("of the WebSocket API use the role of the account, and make none", async () => {
    const program = await declared({ [key("apiGatewayLogs")]: "use" });
    assert.equal(settingsOf(program).websocket?.destinationArn, arnOf("websocket"));
    assert.deepEqual(program.inputsOf("aws:apigateway/account:Account"), {});
    assert.equal(Object.keys(program.inputsOf("aws:iam/role:Role")).length, 3);
  });

  it("of the WebSocket API make that role where the stack says so", async () => {
    const program = await declared({ [key("apiGatewayLogs")]: "create" });
    assert.equal(settingsOf(program).websocket?.destinationArn, arnOf("websocket"));
    const name = nameOf("api-gateway");
    const role = program.inputsOf("aws:iam/role:Role")[name] as { assumeRolePolicy: Policy };
    assert.deepEqual(
      role.assumeRolePolicy.Statement.map(({ Principal }) => Principal),
      [{ Service: "apigateway.amazonaws.com" }],
    );
    assert.deepEqual(program.inputsOf("aws:iam/rolePolicyAttachment:RolePolicyAttachment"), {
      [name]: {
        role: `${name}-local`,
        policyArn: "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
      },
    });
    assert.deepEqual(program.inputsOf("aws:apigateway/account:Account"), {
      [name]: { cloudwatchRoleArn: `arn:aws:iam::${account}:role/${name}-local` },
    });
  });
});

type Policy = { Statement: { Principal: object }[] };
