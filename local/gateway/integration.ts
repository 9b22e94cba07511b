import type { Clock, Timer } from "../shared/clock.ts";
import type { HttpApiDescription, HttpRouteDescription } from "../graph/description.ts";
import type { Invoke, InvokeResult } from "../shared/invoke.ts";
import { functionResponse, gatewayResponse, type HttpResponse } from "../http/response.ts";

/** Calls the function behind a route, for no longer than the integration's timeout. */
export type Integrate = (route: HttpRouteDescription, event: unknown) => Promise<HttpResponse>;

/** The Lambda proxy integrations of an API; `close` lets go of every call that is under way. */
export function integrations(options: { api: HttpApiDescription; invoke: Invoke; clock: Clock }): {
  integrate: Integrate;
  close: () => void;
} {
  const { api, invoke, clock } = options;
  const timers = new Set<Timer>();

  return {
    integrate: ({ routeKey, integration }, event) =>
      new Promise((resolve, reject) => {
        const timer = clock.after(integration.timeoutMilliseconds, () => {
          timers.delete(timer);
          resolve(gatewayResponse(503, "Service Unavailable"));
        });
        timers.add(timer);

        // `POST /` is `…/POST/` in an ARN.
        const sourceArn = `${api.executionArn}/${api.stage.name}/${routeKey.replace(" ", "")}`;
        invoke({ functionArn: integration.functionArn, sourceArn, event })
          .finally(() => {
            timer.cancel();
            timers.delete(timer);
          })
          .then((result) => {
            resolve(responseOf(result));
          }, reject);
      }),
    close: () => {
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}

function responseOf(result: InvokeResult): HttpResponse {
  const response = result.outcome === "returned" ? functionResponse(result.value) : undefined;
  return response ?? gatewayResponse(500, "Internal Server Error");
}
