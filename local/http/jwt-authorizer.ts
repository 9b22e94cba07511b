import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from "jose";
import { claimTexts } from "./jwt-claims.ts";
import { gatewayResponse, type HttpResponse } from "./response.ts";
import type { RouteDecision } from "./route-decision.ts";

// API Gateway accepts RSA alone.
const algorithms = ["RS256", "RS384", "RS512"];

/**
 * Decides on a request as API Gateway's JWT authorizer does. `source` is its token, with or without
 * `Bearer` before it; `now` is in milliseconds since the epoch.
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

/** `client_id` takes the place of `aud` if there is none, as in Cognito's access tokens. */
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

/** Says why a token is refused. AWS documents only the words for the audience. */
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
