import { JwtVerifier } from "aws-jwt-verify";
import {
  JwtBaseError,
  JwtExpiredError,
  JwtInvalidAudienceError,
  JwtInvalidSignatureAlgorithmError,
  JwtNotBeforeError,
} from "aws-jwt-verify/error";
import { SimpleJwksCache, SimplePenaltyBox } from "aws-jwt-verify/jwk";
import { decomposeUnverifiedJwt } from "aws-jwt-verify/jwt";
import type { JwtPayload } from "aws-jwt-verify/jwt-model";
import { configurationUrlOf, fetchKeys, parseKeys } from "./issuer-keys.ts";

/** What a token says that is in order. */
export type Token = {
  claims: JwtPayload;
  /** Epoch seconds. */
  expiresAt: number;
};

/** A token is malformed, not signed by the issuer, not for us, or not valid now. */
export class TokenRefused extends Error {
  /** `reason` is the name of what is wrong, without anything of the token. */
  constructor(reason: string) {
    super(reason);
    this.name = "TokenRefused";
  }
}

// As an HTTP API's JWT authorizer:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
const algorithms = ["RS256", "RS384", "RS512"];

/** A key that the issuer has withdrawn is taken for so long; API Gateway takes it for two hours. */
const keysMilliseconds = 60 * 60 * 1000;

// After a key id that the issuer does not have, whoever made it up: a new key has to wait as long.
const unknownKeySeconds = 1;

/**
 * Verifies tokens as an HTTP API's JWT authorizer does, by the keys of their issuer: these are
 * fetched when first needed, each hour, and when a token names a key that is not among them.
 * Throws TokenRefused, or, where the issuer does not give its keys, an Error that says so.
 */
export function tokenVerifier(issuer: string, audience: string): (token: string) => Promise<Token> {
  const open = () => ({ verifier: createVerifier(issuer, audience), openedAt: Date.now() });
  let current = open();
  return async (token) => {
    if (Date.now() - current.openedAt >= keysMilliseconds) current = open();
    try {
      const { alg } = decomposeUnverifiedJwt(token).header;
      if (alg === undefined || !algorithms.includes(alg)) {
        throw new JwtInvalidSignatureAlgorithmError("Not an RSA algorithm", alg, algorithms);
      }
      const claims = await current.verifier.verify(token);
      return { claims, expiresAt: Math.floor(claims.exp ?? 0) };
    } catch (error) {
      if (!(error instanceof JwtBaseError)) throw error;
      // Its message may quote the token.
      throw new TokenRefused(error.constructor.name);
    }
  };
}

function createVerifier(issuer: string, audience: string) {
  return JwtVerifier.create(
    {
      issuer,
      // What the cache calls a key set is the configuration that names it: both are fetched anew.
      jwksUri: configurationUrlOf(issuer),
      audience: null,
      customJwtCheck({ payload }) {
        checkClaims(payload, audience);
      },
    },
    {
      jwksCache: new SimpleJwksCache({
        fetcher: { fetch: fetchKeys },
        jwksParser: parseKeys,
        penaltyBox: new SimplePenaltyBox({ waitSeconds: unknownKeySeconds }),
      }),
    },
  );
}

/** What the library does not check as API Gateway does. */
function checkClaims({ aud, client_id, exp, iat }: JwtPayload, audience: string): void {
  const named = [aud ?? client_id].flat();
  if (!named.includes(audience)) {
    throw new JwtInvalidAudienceError("Audience not allowed", named, audience);
  }
  if (exp === undefined) throw new JwtExpiredError("Missing expiry", exp);
  if (iat !== undefined && iat > Date.now() / 1000) throw new JwtNotBeforeError("Not yet", iat);
}
