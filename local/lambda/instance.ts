import { inspect } from "node:util";
import { Worker } from "node:worker_threads";
import type { Clock, Timer } from "../shared/clock.ts";
import type { FunctionDescription } from "../graph/description.ts";
import type { InvokeResult } from "../shared/invoke.ts";
import { eachLine } from "./lines.ts";
import { traceHeader } from "./trace.ts";

/** One execution environment of a function: a worker that handles one event at a time. */
export type Instance = {
  /** Handles an event; the next may come when this one has its result. */
  run(requestId: string, event: unknown): Promise<InvokeResult>;
  /** Whether it is gone, or going, and takes no more events. */
  ended(): boolean;
  /** Ends it; the event in hand fails for this reason. */
  stop(reason: string): Promise<void>;
};

/** What bootstrap.js reports. */
type Report =
  | { type: "loaded" }
  | { type: "returned"; json: string }
  | { type: "threw"; errorType: string; errorMessage: string };

// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
const initMilliseconds = 10_000;

/**
 * Starts an instance, which loads its module at once. Throws where its NODE_OPTIONS are not such
 * that Node takes them for a worker.
 */
export function startInstance(options: {
  fn: FunctionDescription;
  /** All that the function finds in process.env. */
  environment: Record<string, string>;
  clock: Clock;
  onLog: (line: string) => void;
}): Instance {
  const { fn, environment, clock, onLog } = options;
  const timeoutMilliseconds = fn.timeoutSeconds * 1000;
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL("bootstrap.js", import.meta.url), {
    env: environment,
    // The worker would inherit this process's loaders.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: fn.memoryMegabytes },
    stdout: true,
    stderr: true,
    workerData: gate,
  });
  const logged = Promise.all([eachLine(worker.stdout, onLog), eachLine(worker.stderr, onLog)]);

  let loaded = false;
  /** What becomes of the event in hand once the worker is gone; undefined while it is well. */
  let failure: InvokeResult | undefined;
  let inHand: { requestId: string; settle: (result: InvokeResult) => void } | undefined;
  let timer: Timer | undefined;

  function settle(result: InvokeResult): void {
    timer?.cancel();
    inHand?.settle(result);
    inHand = undefined;
  }

  function fail(errorType: string, errorMessage: string, log = errorMessage): void {
    if (failure !== undefined) return;
    failure = { outcome: "failed", errorType, errorMessage };
    if (inHand !== undefined) log.split("\n").forEach(onLog);
  }

  function ofRequest(reason: string): string {
    return `RequestId: ${inHand?.requestId ?? "none"} Error: ${reason}`;
  }

  function limit(milliseconds: number): void {
    timer?.cancel();
    timer = clock.after(milliseconds, () => {
      const seconds = fn.timeoutSeconds.toFixed(2);
      fail("Sandbox.Timedout", ofRequest(`Task timed out after ${seconds} seconds`));
      void worker.terminate();
    });
  }

  worker.on("message", (report: Report) => {
    if (failure !== undefined) return;
    if (report.type === "loaded") {
      loaded = true;
      limit(timeoutMilliseconds);
    } else if (report.type === "returned") {
      settle({ outcome: "returned", value: JSON.parse(report.json) });
    } else {
      const { errorType, errorMessage } = report;
      settle({ outcome: "failed", errorType, errorMessage });
    }
  });
  worker.on("error", (error: unknown) => {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    fail(name, message, inspect(error));
  });
  worker.on("exit", (code) => {
    const how = code === 0 ? "without providing a reason" : `with error: exit status ${code}`;
    fail("Runtime.ExitError", ofRequest(`Runtime exited ${how}`));
    void logged.then(() => {
      if (failure !== undefined) settle(failure);
    });
  });

  return {
    run: (requestId, event) =>
      new Promise((resolve) => {
        inHand = { requestId, settle: resolve };
        limit(loaded ? timeoutMilliseconds : initMilliseconds);
        worker.postMessage({
          requestId,
          traceHeader: traceHeader(fn.isTraced, clock.now()),
          functionArn: fn.arn,
          timeoutMilliseconds,
          event: JSON.stringify(event),
        });
        Atomics.store(gate, 0, 1);
        Atomics.notify(gate, 0);
      }),
    ended: () => failure !== undefined,
    stop: async (reason) => {
      fail("Sandbox.Failure", ofRequest(reason));
      await worker.terminate();
      await logged;
    },
  };
}
