import type { IncomingMessage } from "node:http";
import type { Clock } from "../shared/clock.ts";
import type { Integrate } from "../gateway/integration.ts";
import type { Throttle } from "../gateway/throttling.ts";
import type { Header, ProxyResult } from "../gateway/proxy-result.ts";
import type { WebSocketApiDescription } from "../graph/api-description.ts";
import { hostRefusal, originRefusal } from "../shared/loopback.ts";
import { requestTarget } from "../shared/request-target.ts";
import type { AuthorizeConnect } from "./authorization.ts";
import { connectionContext, type ConnectionContext } from "./connection-context.ts";
import { connectEvent } from "./events.ts";

export type Handshake =
  | { accepted: true; context: ConnectionContext; subprotocol: string | undefined }
  /** `status` and `message` are those of the HTTP response. */
  | { accepted: false; status: number; message?: string };

/** Decides on a well-formed handshake by its path, its authorization and what `$connect` returns. */
export async function handshake(
  request: IncomingMessage,
  options: {
    api: WebSocketApiDescription;
    authorizeConnect: AuthorizeConnect;
    integrate: Integrate<ProxyResult>;
    clock: Clock;
    throttle: Throttle;
  },
): Promise<Handshake> {
  const { api, authorizeConnect, integrate, clock, throttle } = options;
  const { headers, socket } = request;
  const message = hostRefusal(headers.host, socket.localPort) ?? originRefusal(headers.origin);
  if (message !== undefined) return { accepted: false, status: 403, message };
  if (!isStagePath(request, api)) return { accepted: false, status: 403 };

  if (!throttle.handshake()) return { accepted: false, status: 429 };

  const asked = connectionContext(request, api, clock.now());
  const route = api.routes.find(({ routeKey }) => routeKey === "$connect");
  if (route === undefined) return { accepted: true, context: asked, subprotocol: undefined };

  const decision = await authorizeConnect(request, asked, route);
  if (!decision.allowed) return { accepted: false, status: decision.status };
  const { authorizer, userArn } = decision;
  const context = {
    ...asked,
    ...(authorizer !== undefined && { authorizer }),
    ...(userArn !== undefined && { userArn }),
  };

  const result = await integrate(route, connectEvent(context, request, clock.now()));
  switch (result.outcome) {
    case "failed":
      return { accepted: false, status: 502 };
    case "timed out":
      // AWS does not document the status; REST APIs answer 504.
      return { accepted: false, status: 504 };
    case "replied": {
      const { statusCode: status, headers: named } = result.reply;
      if (status >= 300) return { accepted: false, status };
      return { accepted: true, context, subprotocol: negotiated(request, named) };
    }
  }
}

/** Returns whether a request is for `/<stage>`, where handshakes go. */
export function isStagePath(request: IncomingMessage, api: WebSocketApiDescription): boolean {
  const { path } = requestTarget(request.url);
  return path === `/${api.stage.name}` || path === `/${api.stage.name}/`;
}

/** Returns the subprotocol that `$connect` names, or undefined if the client did not offer it. */
function negotiated(request: IncomingMessage, headers: Header[]): string | undefined {
  const offered = (request.headers["sec-websocket-protocol"] ?? "")
    .split(",")
    .map((name) => name.trim());
  const named = headers.find(([name]) => name.toLowerCase() === "sec-websocket-protocol");
  return offered.find((name) => name === named?.[1]);
}
