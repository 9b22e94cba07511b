import type { IncomingMessage } from "node:http";
import type { Authorize } from "../shared/access.ts";
import type { Clock } from "../shared/clock.ts";
import { iamDecision } from "../gateway/iam-decision.ts";
import { stageArn } from "../gateway/stage-arn.ts";
import type {
  IdentitySource,
  RequestAuthorization,
  WebSocketApiDescription,
  WebSocketRouteDescription,
} from "../graph/api-description.ts";
import { policy } from "../iam/policy.ts";
import type { Invoke, InvokeResult } from "../shared/invoke.ts";
import { requestTarget } from "../shared/request-target.ts";
import { authorizerResponse } from "./authorizer-response.ts";
import type { ConnectionContext } from "./connection-context.ts";
import { authorizerEvent } from "./events.ts";

/** Whether a client may connect. */
export type ConnectDecision =
  /** `authorizer` and `userArn` go into every event of the connection. */
  | { allowed: true; authorizer?: Record<string, string>; userArn?: string }
  /** `status` is that of the HTTP response. */
  | { allowed: false; status: 401 | 403 | 500 };

/** Decides on a handshake; `context` is that of the connection which it asks for. */
export type AuthorizeConnect = (
  request: IncomingMessage,
  context: ConnectionContext,
  route: WebSocketRouteDescription,
) => Promise<ConnectDecision>;

const invokeAction = "execute-api:Invoke";

/** Returns what authorizes handshakes, as the description of `$connect` says. */
export function connectAuthorization(options: {
  api: WebSocketApiDescription;
  invoke: Invoke;
  authorize: Authorize;
  clock: Clock;
}): AuthorizeConnect {
  const { api, invoke, authorize, clock } = options;
  const methodArn = stageArn(api, "$connect");

  function iamConnectDecision(request: IncomingMessage): ConnectDecision {
    const body = Buffer.of();
    const asked = { request, body, action: invokeAction, api, path: "$connect" } as const;
    const decision = iamDecision(authorize, asked);
    return decision.allowed
      ? { allowed: true, userArn: decision.caller.arn }
      : { allowed: false, status: 403 };
  }

  async function requestConnectDecision(
    request: IncomingMessage,
    context: ConnectionContext,
    { authorizerId, functionArn, identitySources }: RequestAuthorization,
  ): Promise<ConnectDecision> {
    if (identitySources.some((source) => isMissing(source, request))) {
      return { allowed: false, status: 401 };
    }
    const sourceArn = `${api.executionArn}/authorizers/${authorizerId}`;
    const event = authorizerEvent(context, methodArn, request, clock.now());
    const result = await invoke({ functionArn, sourceArn, event }).catch(() => undefined);
    return decisionOf(result, methodArn);
  }

  return async (request, context, { authorization }) => {
    switch (authorization.type) {
      case "none":
        return { allowed: true };
      case "iam":
        return iamConnectDecision(request);
      case "request":
        return requestConnectDecision(request, context, authorization);
    }
  };
}

function isMissing({ in: place, name }: IdentitySource, { headers, url }: IncomingMessage) {
  const { query } = requestTarget(url);
  const value = place === "header" ? headers[name] : new URLSearchParams(query).get(name);
  return value === undefined || value === null || value === "";
}

/**
 * Reads what an authorizer function says.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
 */
function decisionOf(result: InvokeResult | undefined, methodArn: string): ConnectDecision {
  if (result?.outcome === "failed" && result.errorMessage === "Unauthorized") {
    return { allowed: false, status: 401 };
  }
  const response = result?.outcome === "returned" ? authorizerResponse(result.value) : undefined;
  if (response === undefined) return { allowed: false, status: 500 };
  const verdict = policy(response.statements)(invokeAction, methodArn);
  return verdict === "allowed"
    ? { allowed: true, authorizer: response.authorizer }
    : { allowed: false, status: 403 };
}
