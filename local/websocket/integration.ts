import type { Clock, Timer } from "../shared/clock.ts";
import type { WebSocketApiDescription, WebSocketRouteDescription } from "../graph/description.ts";
import type { Invoke } from "../shared/invoke.ts";
import type { WebSocketEvent } from "./events.ts";
import { proxyResponse, type ProxyResponse } from "./proxy-response.ts";

/** Calls the function behind a route, for no longer than the integration's timeout. */
export type Integrate = (
  route: WebSocketRouteDescription,
  event: WebSocketEvent,
) => Promise<IntegrationResult>;

export type IntegrationResult =
  | { outcome: "responded"; response: ProxyResponse }
  /** The function failed, may not be invoked, or returned no proxy response. */
  | { outcome: "failed" }
  | { outcome: "timed out" };

/** The Lambda proxy integrations of an API; `close` lets go of every call that is under way. */
export function integrations(options: {
  api: WebSocketApiDescription;
  invoke: Invoke;
  clock: Clock;
}): { integrate: Integrate; close: () => void } {
  const { api, invoke, clock } = options;
  const timers = new Set<Timer>();

  const integrate: Integrate = ({ routeKey, integration }, event) =>
    new Promise((resolve) => {
      const timer = clock.after(integration.timeoutMilliseconds, () => {
        timers.delete(timer);
        resolve({ outcome: "timed out" });
      });
      timers.add(timer);

      const sourceArn = `${api.executionArn}/${api.stage.name}/${routeKey}`;
      void invoke({ functionArn: integration.functionArn, sourceArn, event }).then((result) => {
        timer.cancel();
        timers.delete(timer);
        const response = result.outcome === "returned" ? proxyResponse(result.value) : undefined;
        resolve(
          response === undefined ? { outcome: "failed" } : { outcome: "responded", response },
        );
      });
    });

  return {
    integrate,
    close: () => {
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}
