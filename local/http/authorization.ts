import type { IncomingMessage } from "node:http";
import type { JWTVerifyGetKey } from "jose";
import type { Authorize } from "../shared/access.ts";
import type { Clock } from "../shared/clock.ts";
import { iamDecision } from "../gateway/iam-decision.ts";
import type { HttpApiDescription } from "../graph/api-description.ts";
import { issuerKeys } from "./issuer-keys.ts";
import { jwtDecision } from "./jwt-authorizer.ts";
import { gatewayResponse } from "./response.ts";
import type { RouteDecision } from "./route-decision.ts";
import type { RouteMatch } from "./routing.ts";

/** Decides on a request; `resource` is its path within the stage. */
export type AuthorizeRoute = (
  request: IncomingMessage,
  body: Buffer,
  match: RouteMatch,
  resource: string,
) => Promise<RouteDecision>;

/** Returns what authorizes requests to an API's routes, each as its description says. */
export function routeAuthorization(options: {
  api: HttpApiDescription;
  accountId: string;
  authorize: Authorize;
  clock: Clock;
}): AuthorizeRoute {
  const { api, accountId, authorize, clock } = options;
  const keysByIssuer = new Map<string, JWTVerifyGetKey>();

  function keysOf(issuer: string): JWTVerifyGetKey {
    const keys = keysByIssuer.get(issuer) ?? issuerKeys(issuer);
    keysByIssuer.set(issuer, keys);
    return keys;
  }

  function iamRouteDecision(
    request: IncomingMessage,
    body: Buffer,
    resource: string,
  ): RouteDecision {
    const path = `${request.method ?? ""}${resource}`;
    const action = "execute-api:Invoke";
    const decision = iamDecision(authorize, { request, body, action, api, path });
    if (!decision.allowed) return { allowed: false, refusal: gatewayResponse(403, "Forbidden") };
    const { accessKeyId: accessKey, userId, arn: userArn } = decision.caller;
    const none = { cognitoIdentity: null, principalOrgId: null };
    return {
      allowed: true,
      authorizer: { iam: { accessKey, accountId, callerId: userId, ...none, userArn, userId } },
    };
  }

  return async (request, body, { route: { authorization } }, resource) => {
    switch (authorization.type) {
      case "none":
        return { allowed: true };
      case "iam":
        return iamRouteDecision(request, body, resource);
      case "jwt": {
        const { header, issuer, audiences } = authorization;
        const source = String(request.headers[header] ?? "");
        return jwtDecision(source, { issuer, audiences, keys: keysOf(issuer), now: clock.now() });
      }
    }
  };
}
