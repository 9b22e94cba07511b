import { intercepted, type Intercept } from "./hooked-table.ts";

/** A task that waits at one of its requests. */
export type Paused<Result> = {
  /** Lets the task go on, and returns its result. */
  finish(): Promise<Result>;
};

/** Runs a task up to its first request that matches, which is sent only when the task goes on. */
export function pausedBefore<Result>(
  like: RegExp,
  task: () => Promise<Result>,
): Promise<Paused<Result>> {
  return paused(like, task, async (pause, send) => {
    await pause();
    return send();
  });
}

/** Runs a task up to the answer to its first request that matches, which has been applied. */
export function pausedAfter<Result>(
  like: RegExp,
  task: () => Promise<Result>,
): Promise<Paused<Result>> {
  return paused(like, task, async (pause, send) => {
    const output = await send();
    await pause();
    return output;
  });
}

/** Runs a task whose first request that matches fails: before it is applied, or `lost` after that. */
export function failing<Result>(
  like: RegExp,
  task: () => Promise<Result>,
  how: "refused" | "lost" = "refused",
): Promise<Result> {
  let isDone = false;
  return intercepted(async (request, send) => {
    if (isDone || !like.test(request)) return send();
    isDone = true;
    if (how === "lost") await send();
    throw new TableDown();
  }, task);
}

/** Thrown in place of an answer of DynamoDB. */
export class TableDown extends Error {
  override name = "TableDown";
}

type Pausing = <Output>(pause: () => Promise<void>, send: () => Promise<Output>) => Promise<Output>;

async function paused<Result>(
  like: RegExp,
  task: () => Promise<Result>,
  pausing: Pausing,
): Promise<Paused<Result>> {
  let goOn: (() => void) | undefined;
  let result: Promise<Result> | undefined;
  await new Promise<void>((resolve, reject) => {
    const pause = () =>
      new Promise<void>((release) => {
        goOn = release;
        resolve();
      });
    const intercept: Intercept = (request, send) =>
      goOn === undefined && like.test(request) ? pausing(pause, send) : send();
    result = intercepted(intercept, task);
    result.then(() => {
      reject(new Error(`The task has ended without a request like ${like}.`));
    }, reject);
  });
  return {
    async finish() {
      goOn?.();
      if (result === undefined) throw new Error("The task has not begun.");
      return result;
    },
  };
}
