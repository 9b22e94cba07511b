import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Authorize } from "../shared/access.ts";
import { iamDecision } from "../gateway/iam-decision.ts";
import { percentDecoded } from "../gateway/percent-decoded.ts";
import type { Throttle } from "../gateway/throttling.ts";
import type { Clock } from "../shared/clock.ts";
import { takeRequest } from "../shared/take-request.ts";
import type { Faults, PostFault } from "../shared/faults.ts";
import type { WebSocketApiDescription } from "../graph/api-description.ts";
import { closedNormally, maxMessageBytes, type Connection } from "./connection.ts";
import { isId } from "./id.ts";

/** Answers a request to @connections. */
export type Manage = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

// A signature covers the payload, and 403 comes before 413: a payload that is a little too large is
// read for that. One of more than this gets 413 whoever sends it.
const maxReadBytes = maxMessageBytes + 1024;

type Answer = { status: number; errorType?: string; body?: unknown };

/**
 * Returns what serves the @connections of a WebSocket API.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export function connectionsApi(options: {
  api: WebSocketApiDescription;
  connections: ReadonlyMap<string, Connection>;
  authorize: Authorize;
  clock: Clock;
  /** Returns the fault that takes the place of a post; asked after the post has been allowed. */
  postFault?: Faults["post"];
  throttle: Throttle;
}): Manage {
  const { api, connections, authorize, clock, postFault, throttle } = options;

  const answer = (request: IncomingMessage, body: Buffer): Answer | "hang" => {
    const { method = "", url = "" } = request;
    const [, stage, encodedId] = /^\/([^/]+)\/(?:@|%40)connections\/([^/?]+)/.exec(url) ?? [];
    if (stage !== api.stage.name || encodedId === undefined || !isMethod(method)) {
      return forbidden("Forbidden");
    }
    const id = percentDecoded(encodedId);
    const path = `${method}/@connections/${id}`;
    const action = "execute-api:ManageConnections";
    const decision = iamDecision(authorize, { request, body, action, api, path });
    if (!decision.allowed) return forbidden(decision.refusal.message);
    if (!throttle.callback()) return tooManyRequests;
    if (!isId(id)) return failure(400, "BadRequestException", `Invalid connectionId: ${id}`);

    const fault = method === "POST" ? postFault?.(id) : undefined;
    if (fault !== undefined) return faultAnswer(fault);
    const connection = connections.get(id);
    // AWS sends a 410 without a body.
    if (!connection?.isOpen()) return { status: 410, errorType: "GoneException" };
    switch (method) {
      case "GET":
        return { status: 200, body: described(connection) };
      case "DELETE":
        connection.close(closedNormally);
        return { status: 204 };
      case "POST":
        if (body.length > maxMessageBytes) return payloadTooLarge;
        return connection.send(body.toString()) ? { status: 200 } : bufferFull;
    }
  };

  return async (request, response) => {
    const body = await takeRequest(request, response, {
      ...{ maxBytes: maxReadBytes, clock },
      refuse: (reason) =>
        setHead(response, reason.status === 403 ? forbidden(reason.message) : payloadTooLarge),
    });
    if (body === undefined) return;
    const answered = answer(request, body);
    if (answered === "hang") await once(response, "close");
    else response.end(setHead(response, answered));
  };
}

/** Sets the head of a response. Returns its body. */
function setHead(response: ServerResponse, { status, errorType, body }: Answer): string {
  response.statusCode = status;
  if (errorType !== undefined) response.setHeader("x-amzn-ErrorType", errorType);
  if (body === undefined) return "";
  response.setHeader("content-type", "application/json");
  return JSON.stringify(body);
}

function isMethod(method: string): method is "GET" | "POST" | "DELETE" {
  return method === "GET" || method === "POST" || method === "DELETE";
}

function forbidden(message: string): Answer {
  return failure(403, "ForbiddenException", message);
}

function failure(status: number, errorType: string, message: string): Answer {
  return { status, errorType, body: { message } };
}

// The words are those of the API's model.
const bufferFull = failure(
  429,
  "LimitExceededException",
  "The WebSocket client side buffer is full",
);
const tooManyRequests = failure(429, "LimitExceededException", "Too Many Requests");
const payloadTooLarge = failure(413, "PayloadTooLargeException", "Payload is over 128 KB");

function faultAnswer(fault: PostFault): Answer | "hang" {
  switch (fault) {
    case "hang":
      return "hang";
    case 410:
      return { status: 410, errorType: "GoneException" };
    case 429:
      return { status: 429, errorType: "LimitExceededException" };
    case 500:
      return failure(500, "InternalServerErrorException", "Internal server error");
  }
}

function described(connection: Connection) {
  return {
    connectedAt: new Date(connection.context.connectedAt).toISOString(),
    identity: connection.context.identity,
    lastActiveAt: new Date(connection.lastActiveAt()).toISOString(),
  };
}
