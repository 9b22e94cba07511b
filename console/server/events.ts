import type { Observe } from "../../local/shared/observe.ts";
import type { ConsoleEvent } from "../api.ts";
import { wayOf } from "./way.ts";

/** An event, and its number, which grows by one with each. */
export type NumberedEvent = { number: number; event: ConsoleEvent };

/** What happens in a local stack, for whoever looks on, and for who comes a little later. */
export type StackEvents = {
  onLog: (functionName: string, line: string) => void;
  observe: Observe;
  /** Calls back for each event after `number`, those that are kept first. Returns a function that ends it. */
  follow(number: number, listener: (event: NumberedEvent) => void): () => void;
};

/** Events that are kept for who comes later. */
const maxKept = 500;

export function stackEvents(now: () => number = Date.now): StackEvents {
  const kept: NumberedEvent[] = [];
  const listeners = new Set<(event: NumberedEvent) => void>();
  let number = 0;

  function emit(event: ConsoleEvent): void {
    const numbered = { number: ++number, event };
    kept.push(numbered);
    if (kept.length > maxKept) kept.shift();
    for (const listener of listeners) listener(numbered);
  }

  const way = wayOf((way) => {
    // The last way is all that one sees.
    const before = kept.findIndex(({ event }) => event.type === "way");
    if (before >= 0) kept.splice(before, 1);
    emit({ type: "way", ...way });
  });

  return {
    onLog(functionName, line) {
      emit({ type: "log", functionName, line, time: now() });
    },
    observe: {
      invoked: way.invoked,
      decided(decision) {
        way.decided(decision);
        const { caller, action, resource, verdict } = decision;
        if (verdict === "allowed") return;
        const why =
          verdict === "explicitly-denied" ? "a statement denies it" : "no statement allows it";
        emit({ type: "refused", caller, action, resource, why, time: now() });
      },
    },
    follow(after, listener) {
      for (const event of kept) if (event.number > after) listener(event);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
