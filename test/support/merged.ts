import { intercepted } from "./hooked-table.ts";
import { TableDown } from "./paused.ts";

/** A request is sent, is sent and loses its answer, or is not sent at all. */
export type Fate = "sent" | "lost" | "refused";

export type MergeOptions = {
  /** Chooses which of `tasks` tasks sends its next request. */
  choose: (tasks: number) => number;
  /** Requests whose order does not matter: they are sent at once. */
  passing?: RegExp;
  /** Whether the first two tasks are the same: the orders in which the second begins first are left out. */
  hasTwins?: boolean;
  /** Whether `choose` also chooses among the requests that one task has sent side by side. */
  choosesWithin?: boolean;
  /**
   * Leaves out orders that differ only in neighbours that do not see each other: two reads, or requests
   * for two items. Of these orders the one runs in which the lower task comes first.
   */
  sortsNeighbours?: boolean;
  /** Decides about a request. Defaults to `sent`. */
  fate?: (request: string) => Fate;
  /** Called after each request that had an order. */
  onSent?: () => Promise<void>;
};

export type Merged<Result> = {
  results: PromiseSettledResult<Result>[];
  /** The requests in their order, each with the number of its task. */
  order: string[];
};

/** Runs tasks at the same time, with one request to the hooked table after the other. */
export async function merged<Result>(
  tasks: (() => Promise<Result>)[],
  {
    choose,
    passing,
    hasTwins,
    choosesWithin,
    sortsNeighbours,
    fate = () => "sent",
    onSent,
  }: MergeOptions,
): Promise<Merged<Result>> {
  const order: string[] = [];
  const actors = tasks.map((task) => new Actor(task, passing));
  let unsorted: Actor<Result>[] = [];
  for (;;) {
    await Promise.all(actors.map((actor) => actor.standstill()));
    const isTwinFirst = hasTwins && !order.some((request) => request.startsWith("0 "));
    const able = actors.filter(
      ({ requests }, index) => requests.length > 0 && !(isTwinFirst && index === 1),
    );
    const sorted = able.filter((actor) => !unsorted.includes(actor));
    const waiting = sorted.length > 0 ? sorted : able;
    const actor = waiting[waiting.length > 1 ? choose(waiting.length) : 0];
    if (actor === undefined) break;
    const { requests } = actor;
    const at = choosesWithin && requests.length > 1 ? choose(requests.length) : 0;
    const [request] = requests.splice(at, 1);
    if (request === undefined) break;
    if (sortsNeighbours) {
      unsorted = able
        .slice(0, able.indexOf(actor))
        .filter(({ requests: [next] }) => next && areIndependent(next.text, request.text));
    }
    const its = fate(request.text);
    order.push(`${actors.indexOf(actor)} ${request.text}${its === "sent" ? "" : ` (${its})`}`);
    await request.send(its);
    await onSent?.();
  }
  return { results: await Promise.allSettled(actors.map(({ result }) => result)), order };
}

/**
 * Calls `run` once for every possible series of choices, and returns how many there were. `run` has to
 * ask for the same choices when it gets the same answers.
 */
export async function everyChoice(
  run: (choose: MergeOptions["choose"]) => Promise<void>,
): Promise<number> {
  const path: { choice: number; of: number }[] = [];
  for (let runs = 1; ; runs++) {
    let depth = 0;
    await run((of) => {
      const known = path[depth] ?? { choice: 0, of };
      if (known.of !== of) throw new Error("The same choices have led elsewhere.");
      path[depth++] = known;
      return known.choice;
    });
    while (path.length > 0 && path.at(-1)?.choice === (path.at(-1)?.of ?? 0) - 1) path.pop();
    const last = path.at(-1);
    if (last === undefined) return runs;
    last.choice += 1;
  }
}

/** Returns whether it makes no difference which of two requests is sent first. */
function areIndependent(one: string, other: string): boolean {
  const [first = "", ...firstKey] = one.split(" ", 3);
  const [second = "", ...secondKey] = other.split(" ", 3);
  if (first === "GetItem" && second === "GetItem") return true;
  const areOfOneItem = [first, second].every((name) => /^(Get|Put|Update|Delete)Item$/.test(name));
  return areOfOneItem && firstKey.join(" ") !== secondKey.join(" ");
}

class Actor<Result> {
  /** The requests of the task that wait to be sent. */
  readonly requests: { text: string; send: (fate: Fate) => Promise<void> }[] = [];
  readonly result: Promise<Result>;
  #hasEnded = false;
  #wake: () => void = () => undefined;

  constructor(task: () => Promise<Result>, passing?: RegExp) {
    this.result = intercepted((text, send) => {
      if (passing?.test(text)) return send();
      return new Promise((resolve, reject) => {
        this.requests.push({
          text,
          async send(fate) {
            const output = fate === "refused" ? undefined : send();
            await output?.catch(() => undefined);
            if (fate === "sent" && output !== undefined) output.then(resolve, reject);
            else reject(new TableDown());
          },
        });
        this.#wake();
      });
    }, task).finally(() => {
      this.#hasEnded = true;
      this.#wake();
    });
    this.result.catch(() => undefined);
  }

  /** Resolves when the task waits for a request to be sent, or has ended. */
  async standstill(): Promise<void> {
    // The task goes on with the answer to its last request before the next turn of the event loop.
    await new Promise(setImmediate);
    while (this.requests.length === 0 && !this.#hasEnded) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
