import type { Clock } from "../shared/clock.ts";
import type { Queue, ReceivedMessage } from "./queue.ts";

/**
 * Waits for messages, at most `waitSeconds`. Resolves to an empty list when the time is over, or when
 * the client has gone.
 */
export function longPoll(options: {
  queue: Queue;
  take: () => ReceivedMessage[];
  waitSeconds: number;
  clock: Clock;
  gone: AbortSignal;
}): Promise<ReceivedMessage[]> {
  const { queue, take, waitSeconds, clock, gone } = options;
  return new Promise((resolve) => {
    const first = take();
    if (first.length > 0 || waitSeconds === 0 || gone.aborted) {
      resolve(first);
      return;
    }
    const finish = (messages: ReceivedMessage[]) => {
      timer.cancel();
      unsubscribe();
      gone.removeEventListener("abort", giveUp);
      resolve(messages);
    };
    const timer = clock.after(waitSeconds * 1000, () => {
      finish(take());
    });
    const unsubscribe = queue.onChange(() => {
      const messages = take();
      if (messages.length > 0) finish(messages);
    });
    const giveUp = () => {
      finish([]);
    };
    gone.addEventListener("abort", giveUp);
  });
}
