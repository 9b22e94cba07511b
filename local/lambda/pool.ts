import { randomUUID } from "node:crypto";
import type { InvokeResult } from "../shared/invoke.ts";
import type { Instance } from "./instance.ts";

/** Enough for one machine; an account on AWS starts with 1,000 for all its functions. */
const maxInstances = 10;

const closedReason = "The local Lambda service is closed";

/** The instances of one function. */
export type Pool = {
  /** Handles an event on a warm instance, or else on a new one, or in its turn when all are busy. */
  run(event: unknown): Promise<InvokeResult>;
  /** Ends every instance; what is under way or waiting fails. */
  close(): Promise<void>;
};

/** `start` gives a new instance. */
export function instancePool(start: () => Instance): Pool {
  const instances = new Set<Instance>();
  const idle: Instance[] = [];
  const waiting: (() => void)[] = [];
  let free = maxInstances;
  let closed = false;

  async function handle(event: unknown): Promise<InvokeResult> {
    if (closed)
      return { outcome: "failed", errorType: "Sandbox.Failure", errorMessage: closedReason };
    const instance = idle.pop() ?? start();
    instances.add(instance);
    const result = await instance.run(randomUUID(), event);
    if (instance.ended()) instances.delete(instance);
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
      }
    },
    async close() {
      closed = true;
      await Promise.all([...instances].map((instance) => instance.stop(closedReason)));
    },
  };
}
