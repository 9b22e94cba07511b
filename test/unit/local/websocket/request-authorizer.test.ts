import assert from "node:assert/strict";
import type { InvokeResult } from "../../../../local/shared/invoke.ts";
import type { IdentitySource } from "../../../../local/graph/api-description.ts";
import { executionArn, returned, startGateway, type RunningGateway } from "./running-gateway.ts";

const methodArn = `${executionArn}/staging/$connect`;
const statement = (Effect: string, Resource: unknown, Action: unknown = "execute-api:Invoke") => ({
  ...{ Action, Effect, Resource },
});
const answer = (Statement: unknown, more: object = {}) =>
  returned({ principalId: "alice", policyDocument: { Version: "2012-10-17", Statement }, ...more });
const allow = (more?: object) => answer([statement("Allow", methodArn)], more);

describe("A handshake with a REQUEST authorizer", () => {
  let gateway: RunningGateway;
  const start = async (authorizer: () => InvokeResult, identitySources: IdentitySource[] = []) => {
    const headers = { "Sec-WebSocket-Protocol": "channels.v1" };
    const accept = () => returned({ statusCode: 200, headers });
    gateway = await startGateway({
      functions: { $connect: accept, $disconnect: accept, $default: accept },
      authorization: {
        ...{ type: "request", authorizerId: "auth1", identitySources },
        functionArn: "arn:function:authorizer",
      },
      authorizer,
    });
  };
  afterEach(() => gateway.close());

  const refused = (status: number, options?: Parameters<RunningGateway["connect"]>[0]) =>
    assert.rejects(gateway.connect(options), { message: `Unexpected server response: ${status}` });

  it("asks the function in the authorizer's name, before $connect", async () => {
    await start(() => allow());
    await gateway.connect();
    assert.deepEqual(
      gateway.invocations.map(({ functionArn, sourceArn }) => [functionArn, sourceArn]),
      [
        ["arn:function:authorizer", `${executionArn}/authorizers/auth1`],
        ["arn:function:$connect", methodArn],
      ],
    );
  });

  it("shows the function the whole request", async () => {
    await start(() => allow());
    const headers = { "X-Own": "1" };
    const path = "/staging?token=abc&channel=a&channel=b";
    await gateway.connect({ path, protocols: ["channels.v1", "bearer.abc"], client: { headers } });
    const [asked, connect] = gateway.invocations.map(({ event }) => Object(event) as AnyEvent);
    assert.ok(asked && connect);
    const { headers: sent, multiValueHeaders, requestContext, ...rest } = asked;
    assert.deepEqual(rest, {
      type: "REQUEST",
      methodArn,
      queryStringParameters: { token: "abc", channel: "b" },
      multiValueQueryStringParameters: { token: ["abc"], channel: ["a", "b"] },
      stageVariables: {},
    });
    assert.deepEqual(Object.keys(sent).sort(), Object.keys(multiValueHeaders).sort());
    const { Connection, Upgrade, "content-length": length, "X-Own": own, ...more } = sent;
    assert.deepEqual([Connection, Upgrade, length, own], ["Upgrade", "websocket", "0", "1"]);
    assert.equal(more["Sec-WebSocket-Protocol"], "channels.v1,bearer.abc");
    assert.ok(!("Connection" in connect.headers) && !("content-length" in connect.headers));

    const { connectionId, routeKey, eventType, authorizer } = requestContext;
    assert.deepEqual([routeKey, eventType, authorizer], ["$connect", "CONNECT", undefined]);
    assert.equal(connectionId, connect.requestContext.connectionId);
  });

  it("gives every event of the connection the context, as texts, and the principal", async () => {
    const context = { subscribe: "news room-*", expiresAt: 1_800_000_000, admin: true };
    await start(() => allow({ context }));
    const socket = await gateway.connect();
    const messaged = gateway.nextEvent("$default");
    socket.send("hello");
    await messaged;
    const disconnected = gateway.nextEvent("$disconnect");
    socket.close();
    await disconnected;
    const events = gateway.invocations.slice(1).map(({ event }) => Object(event) as AnyEvent);
    const authorizer = {
      ...{ principalId: "alice", subscribe: "news room-*" },
      ...{ expiresAt: "1800000000", admin: "true" },
    };
    assert.deepEqual(
      events.map(({ requestContext }) => [requestContext.routeKey, requestContext.authorizer]),
      ["$connect", "$default", "$disconnect"].map((routeKey) => [routeKey, authorizer]),
    );
  });

  const outcomes: [string, InvokeResult, number | "accepted"][] = [
    ["allows $connect by a pattern", answer([statement("Allow", `${executionArn}/*`)]), "accepted"],
    [
      "allows $connect among others",
      answer([statement("Allow", ["x", methodArn], ["x:Y", "execute-api:*"])]),
      "accepted",
    ],
    ["denies", answer([statement("Deny", methodArn)]), 403],
    [
      "denies and allows",
      answer([statement("Allow", methodArn), statement("Deny", methodArn)]),
      403,
    ],
    ["allows another route", answer([statement("Allow", `${executionArn}/staging/*/*`)]), 403],
    ["allows another action", answer([statement("Allow", methodArn, "execute-api:Manage*")]), 403],
    [
      "throws Unauthorized",
      { outcome: "failed", errorType: "Error", errorMessage: "Unauthorized" },
      401,
    ],
    [
      "throws anything else",
      { outcome: "failed", errorType: "Error", errorMessage: "Unauthorized!" },
      500,
    ],
    ["may not be invoked", { outcome: "denied" }, 500],
    ["returns nothing", returned(null), 500],
    ["returns a text", returned("Unauthorized"), 500],
    ["returns no principal", allow({ principalId: undefined }), 500],
    ["returns no policy", returned({ principalId: "alice" }), 500],
    ["returns no statement", answer([]), 500],
    ["returns a statement that is none", answer([null]), 500],
    ["returns an unknown effect", answer([statement("allow", methodArn)]), 500],
    ["returns no resource", answer([statement("Allow", undefined)]), 500],
    ["returns a context with an object", allow({ context: { claims: {} } }), 500],
    ["returns a context with an array", allow({ context: { channels: ["news"] } }), 500],
  ];
  for (const [what, result, outcome] of outcomes) {
    it(`is ${outcome === "accepted" ? outcome : `refused with ${outcome}`} where the function ${what}`, async () => {
      await start(() => result);
      if (outcome === "accepted") {
        await gateway.connect();
        return;
      }
      await refused(outcome);
      assert.equal(gateway.invocations.length, 1);
    });
  }

  it("is refused with 500 where the function cannot be invoked", async () => {
    await start(() => {
      throw new Error("No function");
    });
    await refused(500);
  });

  it("is refused with 401, and nobody is asked, where an identity source is missing or empty", async () => {
    await start(
      () => allow(),
      [
        { in: "header", name: "x-auth" },
        { in: "querystring", name: "token" },
      ],
    );
    const client = { headers: { "X-Auth": "1" } };
    await refused(401);
    await refused(401, { client });
    await refused(401, { path: "/staging?token=abc" });
    await refused(401, { path: "/staging?token=", client });
    await refused(401, { path: "/staging?Token=abc", client });
    assert.deepEqual(gateway.invocations, []);
    await gateway.connect({ path: "/staging?token=abc", client });
  });
});

type AnyEvent = {
  headers: Record<string, string>;
  multiValueHeaders: Record<string, string[]>;
  requestContext: Record<string, unknown>;
};
