import type { IncomingMessage } from "node:http";
import { requestTime } from "../gateway/request-time.ts";
import type { ConnectionContext } from "./connection-context.ts";
import type { Closure } from "./connection.ts";
import { forwardedHeaders, forwardedQuery, upgradeHeaders } from "./forwarded-request.ts";
import { newId } from "./id.ts";

// Keys and their order are those of events captured on AWS; `now` is in milliseconds since the epoch.

/** Returns the event that an authorizer gets of a handshake; `methodArn` is the ARN of `$connect`. */
export function authorizerEvent(
  context: ConnectionContext,
  methodArn: string,
  request: IncomingMessage,
  now: number,
) {
  return {
    type: "REQUEST",
    methodArn,
    ...upgradeHeaders(request, now),
    ...forwardedQuery(request),
    stageVariables: {},
    requestContext: requestContext("$connect", "CONNECT", context, now),
  };
}

/** Returns the event of a handshake. */
export function connectEvent(context: ConnectionContext, request: IncomingMessage, now: number) {
  return {
    ...forwardedHeaders(request, now),
    ...forwardedQuery(request),
    requestContext: requestContext("$connect", "CONNECT", context, now),
    isBase64Encoded: false,
  };
}

/** Returns the event of a text message; `routeKey` is that of the selected route. */
export function messageEvent(
  context: ConnectionContext,
  routeKey: string,
  body: string,
  now: number,
) {
  return {
    requestContext: {
      ...requestContext(routeKey, "MESSAGE", context, now),
      messageId: newId(),
    },
    body,
    isBase64Encoded: false,
  };
}

/** Returns the event of a connection that either side has closed. */
export function disconnectEvent(context: ConnectionContext, closure: Closure, now: number) {
  const headers: Record<string, string> = {
    Host: context.domainName,
    "x-api-key": "",
    "X-Forwarded-For": "",
    "x-restapi": "",
  };
  return {
    headers,
    multiValueHeaders: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value]]),
    ),
    requestContext: {
      ...requestContext("$disconnect", "DISCONNECT", context, now),
      disconnectStatusCode: closure.code,
      disconnectReason: closure.reason,
    },
    isBase64Encoded: false,
  };
}

export type WebSocketEvent = ReturnType<
  typeof connectEvent | typeof messageEvent | typeof disconnectEvent
>;

function requestContext(
  routeKey: string,
  eventType: "CONNECT" | "MESSAGE" | "DISCONNECT",
  context: ConnectionContext,
  now: number,
) {
  const requestId = newId();
  const { userArn } = context;
  return {
    routeKey,
    eventType,
    extendedRequestId: requestId,
    requestTime: requestTime(now),
    messageDirection: "IN",
    stage: context.stage,
    connectedAt: context.connectedAt,
    requestTimeEpoch: now,
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
    identity: { ...context.identity, ...(userArn !== undefined && { userArn }) },
    requestId,
    domainName: context.domainName,
    connectionId: context.connectionId,
    apiId: context.apiId,
    ...(context.authorizer !== undefined && { authorizer: context.authorizer }),
  };
}
