import assert from "node:assert/strict";
import { STATUS_CODES } from "node:http";
import type { TestStack } from "./test-stack.ts";

/** The parts of a request, as an event of payload format 2.0 has them. */
export type RequestParts = {
  headers?: Record<string, string>;
  queryStringParameters?: Record<string, string>;
  pathParameters?: Record<string, string>;
  body?: string;
  isBase64Encoded?: boolean;
  /** What a JWT authorizer has found in the token. */
  claims?: Record<string, unknown> | undefined;
};

export type Answer = { status: number; body: Record<string, unknown> };

/**
 * Invokes the function behind a route of the HTTP API with an event made of these parts.
 * Throws an AssertionError if it fails, answers with a 5xx or not with JSON, or reports a problem
 * in another form than that of RFC 9457.
 */
export async function invokeHttp(
  { description, invoke }: TestStack,
  routeKey: string,
  { claims, ...parts }: RequestParts,
): Promise<Answer> {
  const [api] = description.httpApis;
  const route = api?.routes.find((one) => one.routeKey === routeKey);
  assert.ok(api && route, `no route ${routeKey}`);
  const result = await invoke({
    functionArn: route.integration.functionArn,
    sourceArn: `${api.executionArn}/${api.stage.name}/${routeKey.replace(" ", "")}`,
    event: {
      ...{ version: "2.0", routeKey },
      requestContext: {
        requestId: "fuzz",
        routeKey,
        http: { sourceIp: "127.0.0.1" },
        ...(claims && { authorizer: { jwt: { claims: textsOf(claims) } } }),
      },
      ...{ isBase64Encoded: false, ...parts },
      headers: { ...parts.headers, ...(claims && { authorization: `Bearer ${tokenOf(claims)}` }) },
    },
  });
  assert.equal(result.outcome, "returned", JSON.stringify(result));
  const { statusCode, headers, body } = members(result.value);
  assert.ok(typeof statusCode === "number" && statusCode >= 200 && statusCode < 500, String(body));
  return readAnswer(statusCode, members(headers ?? {})["content-type"], body);
}

/** Returns a token as API Gateway lets it through; the functions do not check its signature again. */
function tokenOf(claims: Record<string, unknown>): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
}

function textsOf(claims: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(claims).map(([name, claim]) => [name, String(claim)]));
}

/** Checks an answer of the HTTP API, from the function or over the wire. */
export function readAnswer(status: number, contentType: unknown, body: unknown): Answer {
  if (status === 204) return { status, body: {} };
  assert.ok(typeof body === "string");
  const value = members(JSON.parse(body));
  const isProblem = status >= 400;
  assert.equal(contentType, isProblem ? "application/problem+json" : "application/json", body);
  if (isProblem) {
    assert.deepEqual(Object.keys(value), ["title", "status", "code", "detail"]);
    assert.equal(value.status, status);
    assert.equal(value.title, STATUS_CODES[status]);
  }
  return { status, body: value };
}

/** The parts of a WebSocket event beside its route and its connection. */
export type EventParts = {
  headers?: Record<string, string>;
  multiValueQueryStringParameters?: Record<string, string[]>;
  body?: string;
  /** The context that the authorizer has returned. */
  authorizer?: Record<string, string> | undefined;
};

/**
 * Invokes the function behind a route of the WebSocket API for a connection that is a minute old.
 * Throws an AssertionError if it fails, or answers a handshake with a 5xx, or any other event
 * with anything but a 200.
 */
export async function invokeWebSocket(
  { description, invoke }: TestStack,
  routeKey: string,
  connectionId: string,
  { authorizer, ...parts }: EventParts = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  const [api] = description.webSocketApis;
  const route = api?.routes.find((one) => one.routeKey === routeKey);
  assert.ok(api && route, `no route ${routeKey}`);
  const connectedAt = Date.now() - 60_000;
  const result = await invoke({
    functionArn: route.integration.functionArn,
    sourceArn: `${api.executionArn}/${api.stage.name}/${routeKey}`,
    event: {
      requestContext: {
        ...{ routeKey, connectionId, connectedAt, requestId: "fuzz" },
        identity: { sourceIp: "127.0.0.1" },
        ...(authorizer && { authorizer }),
      },
      ...{ isBase64Encoded: false, ...parts },
    },
  });
  assert.equal(result.outcome, "returned", JSON.stringify(result));
  const { statusCode, headers, body = "" } = members(result.value);
  assert.ok(typeof statusCode === "number" && typeof body === "string");
  assert.ok(routeKey === "$connect" ? statusCode < 500 : statusCode === 200, String(statusCode));
  return { status: statusCode, headers: members(headers ?? {}), body };
}

/** Reads a frame of a channels.v1 client: one JSON object with a `type`, and not the error `internal`. */
export function readFrame(frame: string): Record<string, unknown> {
  assert.ok(Buffer.byteLength(frame) <= 128 * 1024, "API Gateway delivers up to 128 KB");
  const value = members(JSON.parse(frame));
  assert.equal(typeof value.type, "string", frame);
  assert.notEqual(value.code, "internal", frame);
  return value;
}

function members(value: unknown): Record<string, unknown> {
  assert.ok(typeof value === "object" && value !== null && !Array.isArray(value), String(value));
  return { ...value };
}
