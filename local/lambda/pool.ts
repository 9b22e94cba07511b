import { randomUUID } from "node:crypto";
import type { InvokeResult } from "../shared/invoke.ts";
import type { Instance } from "./instance.ts";

/** Enough for one machine; an account on AWS starts with 1,000 for all its functions. */
export const maxLocalInstances = 10;

const closedReason = "The local Lambda service is closed";

/** The instances of one function. */
export type Pool = {
  /** Handles an event on a warm instance, or else on a new one, or in its turn when all are busy. */
  run(event: unknown): Promise<InvokeResult>;
  /** Starts an instance before there is an event for it. */
  warm(): void;
  /**
   * Ends each instance once it has no event in hand, and resolves when none is left; events that wait
   * have their turn first.
   */
  retire(): Promise<void>;
  /** Ends every instance; what is under way or waiting fails. */
  close(): Promise<void>;
};

/**
 * `start` starts a new instance; there are at most `maxInstances`. `lose` is called for each event that an
 * instance takes: the instance ends if the promise resolves while it has the event in hand.
 */
export function instancePool(
  start: () => Instance,
  maxInstances: number,
  lose?: (event: unknown) => Promise<void> | undefined,
): Pool {
  const instances = new Set<Instance>();
  const idle: Instance[] = [];
  const waiting: (() => void)[] = [];
  let free = maxInstances;
  let closed = false;
  let retired = false;
  let onRetired: (() => void) | undefined;

  function startOne(): Instance {
    const instance = start();
    instances.add(instance);
    return instance;
  }

  function idleOne(): Instance | undefined {
    for (;;) {
      const instance = idle.pop();
      if (!instance?.ended()) return instance;
      instances.delete(instance);
    }
  }

  async function stop(instance: Instance, reason: string): Promise<void> {
    instances.delete(instance);
    await instance.stop(reason);
  }

  async function handle(event: unknown): Promise<InvokeResult> {
    if (closed) {
      return { outcome: "failed", errorType: "Sandbox.Failure", errorMessage: closedReason };
    }
    const instance = idleOne() ?? startOne();
    const running = instance.run(randomUUID(), event);
    let isInHand = true;
    void lose?.(event)?.then(() => (isInHand ? instance.stop("The instance is lost") : undefined));
    const result = await running;
    isInHand = false;
    if (instance.ended()) instances.delete(instance);
    else if (retired) await stop(instance, "It is replaced");
    else idle.push(instance);
    return result;
  }

  return {
    async run(event) {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await handle(event);
      } finally {
        const next = waiting.shift();
        if (next === undefined) free++;
        else next();
        if (free === maxInstances) onRetired?.();
      }
    },
    warm() {
      idle.push(startOne());
    },
    async retire() {
      retired = true;
      await Promise.all(idle.splice(0).map((instance) => stop(instance, "It is replaced")));
      if (free < maxInstances) await new Promise<void>((resolve) => (onRetired = resolve));
    },
    async close() {
      closed = true;
      await Promise.all([...instances].map((instance) => stop(instance, closedReason)));
    },
  };
}
