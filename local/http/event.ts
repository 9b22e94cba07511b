import type { IncomingMessage } from "node:http";
import type { HttpApiDescription } from "../graph/api-description.ts";
import { requestTime } from "../gateway/request-time.ts";
import { requestTarget } from "../shared/request-target.ts";
import { eventBody } from "./event-body.ts";
import { eventHeaders } from "./event-headers.ts";
import type { EventAuthorizer } from "./route-decision.ts";
import type { RouteMatch } from "./routing.ts";

/**
 * Returns the event of a request in payload format 2.0. AWS omits body, cookies, pathParameters,
 * queryStringParameters and stageVariables if they are empty.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpEvent(options: {
  api: HttpApiDescription;
  accountId: string;
  requestId: string;
  /** Milliseconds since the epoch. */
  now: number;
  request: IncomingMessage;
  body: Buffer;
  match: RouteMatch;
  /** What authorization has found out; undefined on an open route. */
  authorizer: EventAuthorizer | undefined;
}) {
  const { api, accountId, requestId, now, request, body, match, authorizer } = options;
  const { routeKey } = match.route;
  const { path, query } = requestTarget(request.url);
  const cookies = request.headers.cookie?.split(/; */) ?? [];
  const { host = "" } = request.headers;
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookies.length > 0 && { cookies }),
    headers: eventHeaders(request, body, now),
    ...(query !== "" && { queryStringParameters: joinedParameters(query) }),
    requestContext: {
      accountId,
      apiId: api.id,
      authentication: null,
      ...(authorizer !== undefined && { authorizer }),
      domainName: host,
      domainPrefix: host.split(/[.:]/, 1).join(""),
      http: {
        method: request.method ?? "",
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? "",
        userAgent: request.headers["user-agent"] ?? "",
      },
      requestId,
      routeKey,
      stage: api.stage.name,
      time: requestTime(now),
      timeEpoch: now,
    },
    ...(Object.keys(match.pathParameters).length > 0 && { pathParameters: match.pathParameters }),
    ...eventBody(body, request.headers["content-type"]),
  };
}

function joinedParameters(query: string): Record<string, string> {
  const parameters = new URLSearchParams(query);
  return Object.fromEntries(
    [...parameters.keys()].map((name) => [name, parameters.getAll(name).join(",")]),
  );
}
