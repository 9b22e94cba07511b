import assert from "node:assert/strict";
import { mock } from "node:test";
import type { handler as authorizer } from "../../../handlers/authorizer.ts";
import type { log as logger } from "../../../handlers/aws/log.ts";
import { TestIssuer, makeKey } from "../../support/test-issuer.ts";

const methodArn = "arn:aws:execute-api:us-east-1:000000000000:abc/staging/$connect";

describe("the authorizer", () => {
  let issuer: TestIssuer;
  let authorize: typeof authorizer;
  let log: typeof logger;
  let logged: string[];
  before(async () => {
    issuer = await TestIssuer.start();
    process.env.STACK_NAME = "staging";
    process.env.JWT_ISSUER = issuer.url;
    process.env.JWT_AUDIENCE = "channels";
    ({ handler: authorize } = await import("../../../handlers/authorizer.ts"));
    ({ log } = await import("../../../handlers/aws/log.ts"));
  });
  after(() => issuer.close());
  beforeEach(() => {
    logged = [];
    for (const level of ["info", "error"] as const) {
      mock.method(log, level, (...parts: unknown[]) => {
        const shown = JSON.stringify(parts, (key, value: unknown) => (key === "_aws" ? {} : value));
        logged.push(`${level} ${shown}`);
      });
    }
  });
  afterEach(() => {
    mock.restoreAll();
  });

  const ask = (
    parts: Pick<Parameters<typeof authorizer>[0], "headers" | "queryStringParameters">,
  ) =>
    authorize(
      { methodArn, requestContext: { requestId: "r", connectionId: "c" }, ...parts },
      { awsRequestId: "a", getRemainingTimeInMillis: () => 10_000 },
    );

  const refusal = (reason: string) =>
    `info ["Refused",{"reason":"${reason}","HandshakesRefused":1,"stack":"staging","_aws":{}}]`;
  const places = {
    "as a subprotocol": (token: string) => ({
      headers: { "Sec-WebSocket-Protocol": `channels.v1, bearer.${token}` },
    }),
    "in the query": (token: string) => ({ queryStringParameters: { token, channel: "news" } }),
  };
  for (const [where, parts] of Object.entries(places)) {
    it(`lets in a token that comes ${where}, and hands on its claims as text`, async () => {
      const exp = Math.floor(Date.now() / 1000) + 60;
      const info = { name: "Alice" };
      const grants = { subscribe: ["news", "room-*"], publish: "news  sport", presence: "room-1" };
      const claims = { ...grants, info, exp };
      assert.deepEqual(await ask(parts(await issuer.sign(claims))), {
        principalId: "alice",
        policyDocument: {
          Version: "2012-10-17",
          Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: methodArn }],
        },
        context: {
          ...{ subscribe: "news room-*", publish: "news sport", presence: "room-1" },
          ...{ member: "alice", info: '{"name":"Alice"}', expiresAt: String(exp) },
        },
      });
      assert.deepEqual(logged, []);
    });

    it(`refuses a wrong one that comes ${where}, and logs why without it`, async () => {
      const token = await issuer.sign({}, await makeKey("first"));
      await assert.rejects(ask(parts(token)), { message: "Unauthorized" });
      assert.deepEqual(logged, [refusal("JwtInvalidSignatureError")]);
    });
  }

  for (const [what, parts] of [
    ["nothing", {}],
    ["only the other subprotocol", { headers: { "sec-websocket-protocol": "channels.v1" } }],
    ["only another query", { queryStringParameters: { channel: "news" } }],
  ] as const) {
    it(`refuses a handshake that brings ${what}`, async () => {
      await assert.rejects(ask(parts), { message: "Unauthorized" });
      assert.deepEqual(logged, [refusal("NoToken")]);
    });
  }

  it("grants nothing to a token without claims", async () => {
    const { context, principalId } = await ask({
      queryStringParameters: { token: await issuer.sign({ sub: undefined }) },
    });
    assert.deepEqual([context.subscribe, context.publish, principalId], ["", "", "unknown"]);
  });

  it("fails, and does not refuse, where the issuer gives no keys; and logs that", async () => {
    const token = await issuer.sign({}, await makeKey("new"));
    issuer.answer = (_path, response) => (response.writeHead(500).end(), true);
    await assert.rejects(ask({ queryStringParameters: { token } }), /cannot be fetched\.$/);
    assert.match(
      logged.join(),
      /^error \["Tokens cannot be verified",.*"reason":"IssuerUnavailable","HandshakesRefused":1/,
    );
    assert.ok(!logged.join().includes(token));
  });
});
