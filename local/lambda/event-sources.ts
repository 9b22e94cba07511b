import type { Description } from "../graph/description.ts";
import type { Queue } from "../sqs/queue.ts";
import { eventSource } from "./event-source.ts";
import type { LambdaService } from "./service.ts";

export type EventSources = {
  /**
   * Resolves when nothing is left to do: no queue but those of dead letters has a message, whether
   * visible, delayed or in flight, and no function is at work on any.
   */
  idle(): Promise<void>;
  /** Receives nothing more. */
  close(): void;
};

/** Starts the poller of every event source mapping. Throws a StartError where one may not poll. */
export function eventSources(options: {
  description: Pick<Description, "functions" | "eventSourceMappings">;
  queues: ReadonlyMap<string, Queue>;
  run: LambdaService["run"];
}): EventSources {
  const { description, queues, run } = options;
  const all = [...queues.values()];
  const deadLetters = all.map((queue) => queue.description.redrive?.deadLetterQueueArn);
  const worked = all.filter((queue) => !deadLetters.includes(queue.description.arn));
  const waiting = new Set<() => void>();

  const sources = description.eventSourceMappings.flatMap((mapping) => {
    const queue = queues.get(mapping.queueArn);
    const fn = description.functions.find(({ arn }) => arn === mapping.functionArn);
    if (queue === undefined || fn === undefined) return [];
    return [eventSource({ mapping, fn, queue, run, onIdle: settle })];
  });
  const unsubscribe = worked.map((queue) => queue.onChange(settle));

  function isIdle(): boolean {
    const left = worked.some((queue) => Object.values(queue.counts()).some((count) => count > 0));
    return !left && !sources.some((source) => source.busy());
  }

  function settle(): void {
    if (waiting.size === 0 || !isIdle()) return;
    for (const resolve of waiting) resolve();
    waiting.clear();
  }

  return {
    idle: () =>
      new Promise((resolve) => {
        waiting.add(resolve);
        settle();
      }),
    close() {
      for (const source of sources) source.close();
      for (const end of unsubscribe) end();
    },
  };
}
