import assert from "node:assert/strict";
import { account, declared, nameOf, type Declared } from "../../support/declared.ts";

const executionArn = (api: string) => `arn:aws:execute-api:us-east-1:${account}:${api}-local`;
const invokeArn = (fn: string) =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:${account}:function:${nameOf(fn)}-local/invocations`;

const httpRoutes = {
  "http-get": "GET /",
  "http-post": "POST /",
  "http-post-messages": "POST /messages",
  "http-get-channels": "GET /channels",
  "http-get-channels-channel-messages": "GET /channels/{channel}/messages",
  "http-get-channels-channel-messages-id-delivery":
    "GET /channels/{channel}/messages/{id}/delivery",
  "http-post-channels-channel-messages": "POST /channels/{channel}/messages",
  "http-get-channels-channel-connections": "GET /channels/{channel}/connections",
  "http-get-channels-channel-members": "GET /channels/{channel}/members",
  "http-get-connections-id": "GET /connections/{id}",
  "http-post-connections-id": "POST /connections/{id}",
  "http-delete-connections-id": "DELETE /connections/{id}",
  "http-get-openapi-json": "GET /openapi.json",
  "http-get-asyncapi-json": "GET /asyncapi.json",
  "http-get-client-js": "GET /client.js",
};

describe("the APIs", () => {
  let program: Declared;
  before(async () => {
    program = await declared();
  });

  it("makes both APIs, each with one stage that is named after the stack", () => {
    assert.deepEqual(program.inputsOf("aws:apigatewayv2/api:Api"), {
      websocket: {
        name: nameOf("websocket"),
        protocolType: "WEBSOCKET",
        routeSelectionExpression: "$request.body.action",
      },
      http: { name: nameOf("http"), protocolType: "HTTP" },
    });
    const stage = (api: string, logged: object = {}) => ({
      ...logged,
      apiId: `${api}-local`,
      autoDeploy: true,
      defaultRouteSettings: { throttlingBurstLimit: 500, throttlingRateLimit: 1000 },
      name: "staging",
    });
    const stages = program.inputsOf("aws:apigatewayv2/stage:Stage");
    const { accessLogSettings } = { accessLogSettings: undefined, ...stages.http };
    assert.deepEqual(stages, {
      websocket: stage("websocket"),
      http: stage("http", { accessLogSettings }),
    });
  });

  it("routes the WebSocket API, and replies to messages only", () => {
    const route = (routeKey: string) => {
      const reply = { routeResponseSelectionExpression: "$default" };
      return {
        apiId: "websocket-local",
        routeKey,
        target: "integrations/websocket-local",
        ...(!["$connect", "$disconnect"].includes(routeKey) && reply),
      };
    };
    const routes = program.inputsOf("aws:apigatewayv2/route:Route");
    assert.deepEqual(pick(routes, "websocket-"), {
      "websocket-connect": route("$connect"),
      "websocket-disconnect": route("$disconnect"),
      "websocket-default": route("$default"),
      "websocket-subscribe": route("subscribe"),
      "websocket-unsubscribe": route("unsubscribe"),
      "websocket-publish": route("publish"),
      "websocket-history": route("history"),
      "websocket-presence": route("presence"),
      "websocket-ping": route("ping"),
    });
    const response = (name: string) => ({
      apiId: "websocket-local",
      routeId: `websocket-${name}-local`,
      routeResponseKey: "$default",
    });
    assert.deepEqual(program.inputsOf("aws:apigatewayv2/routeResponse:RouteResponse"), {
      "websocket-default": response("default"),
      "websocket-subscribe": response("subscribe"),
      "websocket-unsubscribe": response("unsubscribe"),
      "websocket-publish": response("publish"),
      "websocket-history": response("history"),
      "websocket-presence": response("presence"),
      "websocket-ping": response("ping"),
    });
  });

  it("routes the HTTP API", () => {
    const routes = Object.entries(httpRoutes).map(([name, routeKey]) => [
      name,
      { apiId: "http-local", routeKey, target: "integrations/http-local" },
    ]);
    assert.deepEqual(
      pick(program.inputsOf("aws:apigatewayv2/route:Route"), "http-"),
      Object.fromEntries(routes),
    );
  });

  it("has one integration with its function for each API", () => {
    const integration = (api: string) => ({
      apiId: `${api}-local`,
      integrationType: "AWS_PROXY",
      integrationUri: invokeArn(api),
    });
    assert.deepEqual(program.inputsOf("aws:apigatewayv2/integration:Integration"), {
      websocket: integration("websocket"),
      http: { ...integration("http"), payloadFormatVersion: "2.0" },
    });
  });

  it("lets each API invoke its function, route by route", () => {
    const permission = (api: string, route: string) => ({
      action: "lambda:InvokeFunction",
      function: `${nameOf(api)}-local`,
      principal: "apigateway.amazonaws.com",
      sourceArn: `${executionArn(api)}/staging/${route}`,
    });
    assert.deepEqual(program.inputsOf("aws:lambda/permission:Permission"), {
      "websocket-connect": permission("websocket", "$connect"),
      "websocket-disconnect": permission("websocket", "$disconnect"),
      "websocket-default": permission("websocket", "$default"),
      "websocket-subscribe": permission("websocket", "subscribe"),
      "websocket-unsubscribe": permission("websocket", "unsubscribe"),
      "websocket-publish": permission("websocket", "publish"),
      "websocket-history": permission("websocket", "history"),
      "websocket-presence": permission("websocket", "presence"),
      "websocket-ping": permission("websocket", "ping"),
      "http-get": permission("http", "GET/"),
      "http-post": permission("http", "POST/"),
      "http-post-messages": permission("http", "POST/messages"),
      "http-get-channels": permission("http", "GET/channels"),
      "http-get-channels-channel-messages": permission("http", "GET/channels/*/messages"),
      "http-get-channels-channel-messages-id-delivery": permission(
        "http",
        "GET/channels/*/messages/*/delivery",
      ),
      "http-post-channels-channel-messages": permission("http", "POST/channels/*/messages"),
      "http-get-channels-channel-connections": permission("http", "GET/channels/*/connections"),
      "http-get-channels-channel-members": permission("http", "GET/channels/*/members"),
      "http-get-connections-id": permission("http", "GET/connections/*"),
      "http-post-connections-id": permission("http", "POST/connections/*"),
      "http-delete-connections-id": permission("http", "DELETE/connections/*"),
      "http-get-openapi-json": permission("http", "GET/openapi.json"),
      "http-get-asyncapi-json": permission("http", "GET/asyncapi.json"),
      "http-get-client-js": permission("http", "GET/client.js"),
    });
  });
});

function pick(record: Record<string, unknown>, prefix: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name.startsWith(prefix)));
}
