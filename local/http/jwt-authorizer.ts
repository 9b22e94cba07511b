import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from "jose";
import { claimTexts } from "./jwt-claims.ts";
import { gatewayResponse, type HttpResponse } from "./response.ts";
import type { RouteDecision } from "./route-decision.ts";

// API Gateway takes only algorithms of RSA.
const algorithms = ["RS256", "RS384", "RS512"];

/**
 * Checks what a request has sent as its token, with or without `Bearer` before it, as API Gateway's
 * own authorizer does. `now` is in milliseconds since the epoch.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export async function jwtDecision(
  source: string,
  expected: { issuer: string; audiences: string[]; keys: JWTVerifyGetKey; now: number },
): Promise<RouteDecision> {
  const { issuer, audiences, keys, now } = expected;
  const token = source.replace(/^Bearer( +|$)/i, "");
  if (token === "") return { allowed: false, refusal: unauthorized("Bearer") };
  try {
    const currentDate = new Date(now);
    const options = { algorithms, issuer, currentDate, requiredClaims: ["exp"] };
    const { payload } = await jwtVerify(token, keys, options);
    checkAudience(payload, audiences);
    checkIssuedAt(payload, now / 1000);
    return { allowed: true, authorizer: { jwt: { claims: claimTexts(payload), scopes: null } } };
  } catch (error) {
    const why = `scope="" error="invalid_token" error_description="${description(error)}"`;
    return { allowed: false, refusal: unauthorized(`Bearer ${why}`) };
  }
}

/** Where there is no `aud`, as in Cognito's access tokens, `client_id` stands for it. */
function checkAudience(payload: JWTPayload, audiences: string[]): void {
  const named = [payload.aud ?? payload.client_id].flat();
  if (!named.some((name) => audiences.some((audience) => audience === name))) {
    throw new errors.JWTClaimValidationFailed("No valid audience", payload, "aud");
  }
}

function checkIssuedAt(payload: JWTPayload, now: number): void {
  if (payload.iat !== undefined && !(payload.iat <= now)) {
    throw new errors.JWTClaimValidationFailed("Issued in the future", payload, "iat");
  }
}

/** Only the words for the audience are documented by AWS. */
function description(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "the token has expired";
  const claim = error instanceof errors.JWTClaimValidationFailed ? error.claim : undefined;
  if (claim === "aud") return "the token does not have a valid audience";
  if (claim !== undefined) return `the token does not have a valid ${claim}`;
  return "the token cannot be verified";
}

function unauthorized(challenge: string): HttpResponse {
  const { headers, ...response } = gatewayResponse(401, "Unauthorized");
  return { ...response, headers: [...headers, ["www-authenticate", challenge]] };
}
