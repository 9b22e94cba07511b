import { createRemoteJWKSet, errors, type JWTVerifyGetKey, type RemoteJWKSet } from "jose";

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const maxFetchMilliseconds = 1500;

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
const maxCacheMilliseconds = 2 * 60 * 60 * 1000;

/**
 * Returns what gives the public key that a token names. The issuer's keys are found by its
 * `.well-known/openid-configuration` when the first token comes, and are fetched again when a token
 * names a key that is not among them.
 */
export function issuerKeys(issuer: string): JWTVerifyGetKey {
  let known: RemoteJWKSet | undefined;
  return async (header, token) => {
    // jose takes a token without `kid` if the issuer has a single key; API Gateway does not.
    if (header.kid === undefined) throw new errors.JWKSNoMatchingKey();
    known ??= createRemoteJWKSet(await discover(issuer), {
      timeoutDuration: maxFetchMilliseconds,
      cacheMaxAge: maxCacheMilliseconds,
      cooldownDuration: 0,
    });
    return known(header, token);
  };
}

/**
 * Finds the issuer's keys.
 * https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
 */
async function discover(issuer: string): Promise<URL> {
  const response = await fetch(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(maxFetchMilliseconds),
  });
  const configuration: unknown = await response.json();
  if (typeof configuration !== "object" || configuration === null) {
    throw new Error(`The configuration of ${issuer} is no object.`);
  }
  return new URL("jwks_uri" in configuration ? String(configuration.jwks_uri) : "");
}
