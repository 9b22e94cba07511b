import type { Clock, Timer } from "../shared/clock.ts";

/** A message of a queue. Times are in milliseconds since the epoch. */
export type Message = {
  readonly id: string;
  readonly body: string;
  /** ARN of the sender. */
  readonly senderId: string;
  readonly sentAt: number;
  /** When it becomes, or became, visible. */
  readonly visibleAt: number;
  /** How often it was received. */
  readonly receives: number;
  readonly firstReceivedAt?: number;
  /** The tracing header of the request that has sent it. */
  readonly traceHeader?: string | undefined;
  /** ARN of the queue that it came from, in a dead-letter queue. */
  readonly deadLetterSourceArn?: string;
};

/** The messages of a queue until the end of their retention period. Tells listeners of changes. */
export class MessageStore {
  readonly #clock: Clock;
  readonly #retentionMilliseconds: number;
  readonly #messages = new Map<string, Message>();
  readonly #listeners = new Set<() => void>();
  #timer: Timer | undefined;
  #telling = false;
  #closed = false;

  constructor(clock: Clock, retentionSeconds: number) {
    this.#clock = clock;
    this.#retentionMilliseconds = retentionSeconds * 1000;
  }

  /** Returns every message, in the order in which they were first put. */
  all(): Message[] {
    this.#expire();
    return [...this.#messages.values()];
  }

  get(id: string): Message | undefined {
    this.#expire();
    return this.#messages.get(id);
  }

  /** Adds a message, or replaces the one with its id. */
  put(message: Message): void {
    this.#messages.set(message.id, message);
    this.#changed();
  }

  delete(id: string): void {
    this.#messages.delete(id);
    this.#changed();
  }

  clear(): void {
    this.#messages.clear();
    this.#changed();
  }

  /**
   * Calls back after a message has changed, become visible or expired: in a microtask, once for all
   * changes of a turn. Returns what ends this.
   */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends every callback and leaves no timer behind. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #changed(): void {
    if (this.#telling) return;
    this.#telling = true;
    queueMicrotask(() => {
      this.#telling = false;
      if (this.#closed) return;
      this.#waitForNext();
      for (const listener of [...this.#listeners]) listener();
    });
  }

  #waitForNext(): void {
    this.#timer?.cancel();
    const now = this.#clock.now();
    let next = Infinity;
    for (const message of this.all()) {
      const { visibleAt } = message;
      next = Math.min(next, this.#endOf(message), visibleAt > now ? visibleAt : Infinity);
    }
    this.#timer =
      next === Infinity
        ? undefined
        : this.#clock.after(next - now, () => {
            this.#changed();
          });
  }

  #expire(): void {
    const now = this.#clock.now();
    for (const message of this.#messages.values()) {
      if (this.#endOf(message) <= now) this.#messages.delete(message.id);
    }
  }

  #endOf({ sentAt }: Message): number {
    return sentAt + this.#retentionMilliseconds;
  }
}
