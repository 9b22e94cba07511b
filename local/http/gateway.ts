import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Authorize } from "../shared/access.ts";
import type { Clock } from "../shared/clock.ts";
import type { HttpApiDescription } from "../graph/api-description.ts";
import type { Invoke } from "../shared/invoke.ts";
import { requestTarget } from "../shared/request-target.ts";
import { takeRequest, type NotTaken } from "../shared/take-request.ts";
import { routeAuthorization } from "./authorization.ts";
import { corsHeaders, isCorsHeader, isPreflight } from "./cors.ts";
import { httpEvent } from "./event.ts";
import { integrations } from "../gateway/integration.ts";
import type { Throttle } from "../gateway/throttling.ts";
import {
  functionResponse,
  gatewayResponse,
  integrationResponse,
  type HttpResponse,
} from "./response.ts";
import { pathInStage, router, type RouteMatch } from "./routing.ts";

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const maxPayloadBytes = 10 * 1024 * 1024;

/**
 * Serves an HTTP API on a server that listens already and that its owner closes. `close` stops
 * serving and cuts off every request that has no response yet.
 */
export function httpGateway(options: {
  server: Server;
  api: HttpApiDescription;
  accountId: string;
  invoke: Invoke;
  authorize: Authorize;
  clock: Clock;
  throttle: Throttle;
}): { close(): Promise<void> } {
  const { server, api, accountId, invoke, authorize, clock, throttle } = options;
  const { integrate, close: closeIntegrations } = integrations({
    ...{ api, invoke, clock },
    readReply: functionResponse,
  });
  const findRoute = router(api.routes);
  const authorizeRoute = routeAuthorization({ api, accountId, authorize, clock });
  const unanswered = new Set<ServerResponse>();

  async function answer(
    request: IncomingMessage,
    body: Buffer,
    requestId: string,
  ): Promise<HttpResponse> {
    const { cors, stage } = api;
    if (!throttle.request()) return gatewayResponse(429, "Too Many Requests");
    const { path } = requestTarget(request.url);
    const resource = pathInStage(path, stage.name);
    if (resource === undefined) return gatewayResponse(404, "Not Found");
    const match = findRoute(request.method ?? "", resource);
    if (match === undefined) {
      return cors !== undefined && isPreflight(request)
        ? { statusCode: 204, headers: corsHeaders(cors, request), body: "" }
        : gatewayResponse(404, "Not Found");
    }

    const response = await routeResponse(request, body, requestId, match, resource);
    if (cors === undefined) return response;
    const headers = response.headers.filter(([name]) => !isCorsHeader(name));
    return { ...response, headers: [...headers, ...corsHeaders(cors, request)] };
  }

  async function routeResponse(
    request: IncomingMessage,
    body: Buffer,
    requestId: string,
    match: RouteMatch,
    resource: string,
  ): Promise<HttpResponse> {
    const decision = await authorizeRoute(request, body, match, resource);
    if (!decision.allowed) return decision.refusal;
    const now = clock.now();
    const { authorizer } = decision;
    const event = httpEvent({ api, accountId, requestId, now, request, body, match, authorizer });
    return integrationResponse(await integrate(match.route, event));
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomBytes(11).toString("base64");
    const refuse = (reason: NotTaken) => {
      const message = reason.status === 403 ? reason.message : "Request Entity Too Large";
      return setHead(response, gatewayResponse(reason.status, message), requestId);
    };
    const body = await takeRequest(request, response, { maxBytes: maxPayloadBytes, clock, refuse });
    if (body === undefined) return;
    response.end(setHead(response, await answer(request, body, requestId), requestId));
  }

  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    unanswered.add(response);
    response.once("close", () => unanswered.delete(response));
    void serve(request, response);
  };
  server.on("request", onRequest);

  return {
    close: async () => {
      server.off("request", onRequest);
      closeIntegrations();
      const closed = [...unanswered].map((response) => once(response, "close"));
      for (const response of unanswered) response.destroy();
      await Promise.all(closed);
    },
  };
}

/** Sets the head of a response. Returns its body. */
function setHead(
  response: ServerResponse,
  { statusCode, headers, body }: HttpResponse,
  requestId: string,
): string | Buffer {
  response.statusCode = statusCode;
  for (const [name, value] of headers) response.appendHeader(name, value);
  response.setHeader("apigw-requestid", requestId);
  return body;
}
