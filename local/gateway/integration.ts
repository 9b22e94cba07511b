import type { IntegrationDescription } from "../graph/api-description.ts";
import type { Clock, Timer } from "../shared/clock.ts";
import type { Invoke, InvokeResult } from "../shared/invoke.ts";
import { stageArn, type ApiStage } from "./stage-arn.ts";

/** Calls the function behind a route, for no longer than the integration's timeout. Never rejects. */
export type Integrate<Reply> = (
  route: { routeKey: string; integration: IntegrationDescription },
  event: unknown,
) => Promise<IntegrationResult<Reply>>;

export type IntegrationResult<Reply> =
  | { outcome: "replied"; reply: Reply }
  /** The function failed, may not or cannot be invoked, or returned a malformed result. */
  | { outcome: "failed" }
  | { outcome: "timed out" };

/** Serves the Lambda proxy integrations of an API. `close` abandons every call that is under way. */
export function integrations<Reply>(options: {
  api: ApiStage;
  invoke: Invoke;
  clock: Clock;
  /** Reads what a function returned. Returns undefined if it is malformed. */
  readReply: (value: unknown) => Reply | undefined;
}): { integrate: Integrate<Reply>; close: () => void } {
  const { api, invoke, clock, readReply } = options;
  const timers = new Set<Timer>();

  function resultOf(invoked: InvokeResult): IntegrationResult<Reply> {
    const reply = invoked.outcome === "returned" ? readReply(invoked.value) : undefined;
    return reply === undefined ? { outcome: "failed" } : { outcome: "replied", reply };
  }

  const integrate: Integrate<Reply> = ({ routeKey, integration }, event) =>
    new Promise((resolve) => {
      const timer = clock.after(integration.timeoutMilliseconds, () => {
        timers.delete(timer);
        resolve({ outcome: "timed out" });
      });
      timers.add(timer);

      const { functionArn } = integration;
      // The route key `POST /` is `POST/` in an ARN.
      const sourceArn = stageArn(api, routeKey.replace(/^([A-Z]+) \//, "$1/"));
      void invoke({ functionArn, sourceArn, event })
        .then(resultOf, () => ({ outcome: "failed" }) as const)
        .then((result) => {
          timer.cancel();
          timers.delete(timer);
          resolve(result);
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
