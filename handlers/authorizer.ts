import { systemClock } from "./aws/clock.ts";
import { readEnvironment } from "./aws/environment.ts";
import { log, startLog, thrown, type LambdaContext } from "./aws/log.ts";
import { issuerUnavailable, refusalMetrics } from "./aws/metrics.ts";
import { patternsOf } from "./auth/claims.ts";
import { memberContext, type MemberContext } from "./auth/member.ts";
import { TokenRefused, tokenVerifier } from "./auth/token.ts";
import { offeredSubprotocols } from "./protocol/websocket-event.ts";

const { JWT_ISSUER, JWT_AUDIENCE } = readEnvironment("STACK_NAME", "JWT_ISSUER", "JWT_AUDIENCE");
const verify = tokenVerifier(JWT_ISSUER, JWT_AUDIENCE);

const bearer = "bearer.";

/** What API Gateway hands to a REQUEST authorizer of a WebSocket API. */
export type AuthorizerEvent = {
  /** As in `arn:aws:execute-api:us-east-1:123456789012:abc123/staging/$connect`. */
  methodArn: string;
  /** Names as the client wrote them. */
  headers?: Record<string, string>;
  queryStringParameters?: Record<string, string>;
  requestContext: { requestId: string; connectionId: string };
};

export type AuthorizerResult = {
  principalId: string;
  policyDocument: { Version: string; Statement: object[] };
  /** What every later event of the connection has in its `requestContext.authorizer`. */
  context: {
    subscribe: string;
    publish: string;
    presence: string;
    expiresAt: string;
  } & MemberContext;
};

/**
 * Lets a handshake in that brings a token: as the subprotocol `bearer.<token>`, since a browser
 * cannot send headers, or as `?token=`. API Gateway answers what this throws with 401 for exactly
 * "Unauthorized", and with 500 for anything else, such as an issuer that does not give its keys.
 */
export async function handler(
  event: AuthorizerEvent,
  context: LambdaContext,
): Promise<AuthorizerResult> {
  startLog(event, context);
  const { claims, expiresAt } = await verifyLogged(tokenOf(event));
  return {
    principalId: claims.sub ?? "unknown",
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: event.methodArn }],
    },
    context: {
      subscribe: patternsOf(claims.subscribe).join(" "),
      publish: patternsOf(claims.publish).join(" "),
      presence: patternsOf(claims.presence).join(" "),
      ...memberContext(claims),
      expiresAt: String(expiresAt),
    },
  };
}

async function verifyLogged(token: string | undefined): ReturnType<typeof verify> {
  try {
    if (token === undefined) throw new TokenRefused("NoToken");
    return await verify(token);
  } catch (error) {
    if (!(error instanceof TokenRefused)) {
      const counted = refusalMetrics(systemClock.now(), issuerUnavailable);
      log.error("Tokens cannot be verified", { error: thrown(error), ...counted });
      throw error;
    }
    log.info("Refused", refusalMetrics(systemClock.now(), error.message));
    throw new Error("Unauthorized", { cause: error });
  }
}

function tokenOf({ headers, queryStringParameters }: AuthorizerEvent): string | undefined {
  const offered = offeredSubprotocols(headers).find((protocol) => protocol.startsWith(bearer));
  return offered?.slice(bearer.length) ?? queryStringParameters?.token;
}
