import { createRemoteJWKSet, errors, type JWTVerifyGetKey, type RemoteJWKSet } from "jose";

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const fetchMilliseconds = 1500;

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
const cacheMilliseconds = 2 * 60 * 60 * 1000;

/**
 * Gives the public key that a token names. The issuer's keys are found by its
 * `.well-known/openid-configuration` when the first token comes, and are fetched again when a token
 * names one that is not among them.
 */
export function issuerKeys(issuer: string): JWTVerifyGetKey {
  let known: RemoteJWKSet | undefined;
  return async (header, token) => {
    // A set of one key would do without, but AWS wants the token to say which it is.
    if (header.kid === undefined) throw new errors.JWKSNoMatchingKey();
    known ??= createRemoteJWKSet(await discover(issuer), {
      timeoutDuration: fetchMilliseconds,
      cacheMaxAge: cacheMilliseconds,
      cooldownDuration: 0,
    });
    return known(header, token);
  };
}

/** https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig */
async function discover(issuer: string): Promise<URL> {
  const response = await fetch(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(fetchMilliseconds),
  });
  const configuration: unknown = await response.json();
  if (typeof configuration !== "object" || configuration === null) {
    throw new Error(`The configuration of ${issuer} is no object.`);
  }
  return new URL("jwks_uri" in configuration ? String(configuration.jwks_uri) : "");
}
