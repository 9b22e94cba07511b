import { Logger } from "@aws-lambda-powertools/logger";

/** Writes one JSON line an entry. No entry ever holds a message's content or a token. */
export const log = new Logger();

/** What Lambda tells a handler of its invocation, as far as we ask. */
export type LambdaContext = { awsRequestId: string; getRemainingTimeInMillis(): number };

/** An event of API Gateway; one of a queue has no `requestContext`. */
type LoggedEvent = {
  requestContext?: { requestId: string; connectionId?: string; routeKey?: string };
};

/**
 * Begins the log of one event: each of its lines has the `requestId` (API Gateway's where it has one,
 * Lambda's otherwise), and the `connectionId` and `route` where the event has them.
 */
export function startLog(
  { requestContext }: LoggedEvent,
  { awsRequestId }: Pick<LambdaContext, "awsRequestId">,
): void {
  const { requestId = awsRequestId, connectionId, routeKey: route } = requestContext ?? {};
  log.resetKeys();
  log.appendKeys({ requestId, connectionId, route });
}

/** Returns what was thrown as the Error that the log takes. */
export function thrown(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value));
}
