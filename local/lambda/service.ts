import type { Clock } from "../shared/clock.ts";
import type { FunctionDescription, InvokePermission } from "../graph/description.ts";
import type { Faults } from "../shared/faults.ts";
import type { Invoke, InvokeResult } from "../shared/invoke.ts";
import type { Observe } from "../shared/observe.ts";
import { reservedEnvironment } from "./environment.ts";
import { startInstance } from "./instance.ts";
import { permitted } from "./permission.ts";
import { instancePool, maxLocalInstances, type Pool } from "./pool.ts";

export type LambdaService = {
  /** Invokes a function for a source that one of its permissions lets in. */
  invoke: Invoke;
  /** Invokes a function for Lambda itself, which polls a source for it and needs no permission. */
  run: (functionArn: string, event: unknown, sourceArn: string) => Promise<InvokeResult>;
  /**
   * Takes the place of the function with the same ARN: events that come from now on get its code as it
   * is now, its environment, timeout, memory and role; those in hand end as they began.
   */
  replace: (fn: FunctionDescription) => void;
  close: () => Promise<void>;
};

/**
 * Runs functions as AWS Lambda does: the very files that would be uploaded, in workers that see
 * nothing of this process's environment, one event at a time for each, a warm one reused, and cut
 * off by the function's timeout. AWS would start more than the 10 instances that a function gets
 * here, and throttles where the function's own maximum, which is held here too, is reached; further
 * events wait.
 *
 * `invoke` and `run` reject for the ARN of no function, and for NODE_OPTIONS that Node takes for no worker.
 * `close` ends all workers, and fails what they have in hand.
 */
export function lambdaService(options: {
  functions: FunctionDescription[];
  permissions: InvokePermission[];
  /** What the platform adds to a function's environment: its credentials and the local endpoints. */
  platformEnvironment: (fn: FunctionDescription) => Record<string, string>;
  region: string;
  clock: Clock;
  /** Called for each line that a function writes, and for why it was not run to its end. */
  onLog: (functionName: string, line: string) => void;
  instanceFault?: Faults["instance"];
  onInvoked?: Observe["invoked"];
}): LambdaService {
  const { functions, permissions, platformEnvironment, region, clock, onLog, onInvoked } = options;

  function open(fn: FunctionDescription): { pool: Pool; log: (line: string) => void } {
    const log = (line: string) => {
      onLog(fn.name, line);
    };
    const start = () =>
      startInstance({
        fn,
        environment: {
          ...fn.environment,
          ...reservedEnvironment(fn, { region, startedAt: clock.now() }),
          ...platformEnvironment(fn),
        },
        clock,
        onLog: log,
      });
    const lose = (event: unknown) => options.instanceFault?.(fn.name, event);
    const maxInstances = Math.min(maxLocalInstances, fn.maxInstances ?? maxLocalInstances);
    return { pool: instancePool(start, maxInstances, lose), log };
  }

  const running = new Map(functions.map((fn) => [fn.arn, open(fn)]));
  /** Pools whose functions have been replaced, until their last event has ended. */
  const retiring = new Set<Pool>();

  function find(functionArn: string) {
    const fn = running.get(functionArn);
    if (fn === undefined) throw new Error(`No function has the ARN ${functionArn}.`);
    return fn;
  }

  return {
    invoke: async ({ functionArn, sourceArn, event }) => {
      const fn = find(functionArn);
      if (permitted(permissions, { functionArn, sourceArn })) {
        onInvoked?.(functionArn, sourceArn);
        return fn.pool.run(event);
      }
      fn.log(`No permission lets ${sourceArn} invoke it`);
      return { outcome: "denied" };
    },
    run: async (functionArn, event, sourceArn) => {
      onInvoked?.(functionArn, sourceArn);
      return find(functionArn).pool.run(event);
    },
    replace: (fn) => {
      const { pool } = find(fn.arn);
      const replacement = open(fn);
      replacement.pool.warm();
      running.set(fn.arn, replacement);
      retiring.add(pool);
      void pool.retire().then(() => retiring.delete(pool));
    },
    close: async () => {
      const pools = [...[...running.values()].map(({ pool }) => pool), ...retiring];
      await Promise.all(pools.map((pool) => pool.close()));
    },
  };
}
