import type { Clock } from "../shared/clock.ts";
import type { Integrate } from "../gateway/integration.ts";
import type { Throttle } from "../gateway/throttling.ts";
import type { ProxyResult } from "../gateway/proxy-result.ts";
import type { ConnectionContext } from "./connection-context.ts";
import { messageEvent } from "./events.ts";
import { newId } from "./id.ts";
import type { SelectRoute } from "./route-selection.ts";

/** Answers a client's message. Resolves to undefined if nothing goes back. */
export type AnswerMessage = (
  context: ConnectionContext,
  text: string,
) => Promise<string | undefined>;

/** Returns what takes messages to their routes. */
export function messageAnswers(options: {
  selectRoute: SelectRoute;
  integrate: Integrate<ProxyResult>;
  clock: Clock;
  throttle: Throttle;
}): AnswerMessage {
  const { selectRoute, integrate, clock, throttle } = options;
  return async (context, text) => {
    // AWS does not document the text: it is that of its other gateways.
    if (!throttle.request()) return errorFrame("Too Many Requests", context, newId());
    const route = selectRoute(text);
    if (route === undefined) return errorFrame("Forbidden", context, newId());

    const event = messageEvent(context, route.routeKey, text, clock.now());
    const result = await integrate(route, event);
    const { requestId } = event.requestContext;
    switch (result.outcome) {
      case "failed":
        return errorFrame("Internal server error", context, requestId);
      case "timed out":
        return errorFrame("Endpoint request timed out", context, requestId);
      case "replied": {
        const { body } = result.reply;
        // AWS ignores the status: a two-way route sends the body of a 500 as that of a 200.
        return route.twoWay && body.length > 0 ? body.toString() : undefined;
      }
    }
  };
}

/** Returns an error frame, with the spaces that API Gateway puts into it. */
function errorFrame(message: string, { connectionId }: ConnectionContext, requestId: string) {
  return `{"message": "${message}", "connectionId":"${connectionId}", "requestId":"${requestId}"}`;
}
