import { Logger } from "@aws-lambda-powertools/logger";

/** Writes one JSON line an entry. No entry ever holds a message's content or a token. */
export const log = new Logger();

/** What Lambda tells a handler of its invocation, as far as we ask. */
export type LambdaContext = { awsRequestId: string; getRemainingTimeInMillis(): number };

/** An event of API Gateway; one of a queue has no `requestContext`. */
type LoggedEvent = {
  requestContext?: {
    requestId: string;
    connectionId?: string;
    routeKey?: string;
    identity?: { sourceIp: string; userArn?: string };
    http?: { sourceIp: string };
    authorizer?: {
      principalId?: string;
      jwt?: { claims: Record<string, string> };
      iam?: { userArn: string };
    };
  };
};

/**
 * Begins the log of one event: each of its lines has the `requestId` (API Gateway's where it has one,
 * Lambda's otherwise), and where the event has them the `connectionId`, the `route`, the `sourceIp`,
 * and as `principal` the token's `sub` or the ARN of who has signed.
 */
export function startLog(
  { requestContext = { requestId: "" } }: LoggedEvent,
  { awsRequestId }: Pick<LambdaContext, "awsRequestId">,
): void {
  const { requestId, connectionId, routeKey: route, identity, http, authorizer } = requestContext;
  const { principalId, jwt, iam } = authorizer ?? {};
  log.resetKeys();
  log.appendKeys({
    requestId: requestId === "" ? awsRequestId : requestId,
    connectionId,
    route,
    sourceIp: identity?.sourceIp ?? http?.sourceIp,
    principal: principalId ?? jwt?.claims.sub ?? iam?.userArn ?? identity?.userArn,
  });
}

/** Returns what was thrown as the Error that the log takes. */
export function thrown(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value));
}
