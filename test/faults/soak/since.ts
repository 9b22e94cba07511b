import { readId } from "./message.ts";
import type { Ask } from "./script.ts";

/**
 * What one who reconnects asks a channel for: the last id that has no gap below it, as the sample
 * client of docs/protocol.md keeps it.
 */
export class Since {
  /** Null where the channel had no message yet; undefined before anything is known. */
  value: string | null | undefined;
  readonly #seen = new Set<string>();

  message(id: string): void {
    this.#seen.add(id);
    if (id.endsWith("-1")) this.#hasAllUpTo(id);
    else if (typeof this.value === "string") this.#hasAllUpTo(this.value);
  }

  subscribed(last: string | null): void {
    if (last === null) this.value = null;
    else this.#hasAllUpTo(last);
  }

  #hasAllUpTo(id: string): void {
    const { epoch, sequence } = readId(id);
    let whole = sequence;
    while (this.#seen.has(`${epoch}-${whole + 1}`)) whole += 1;
    this.value = `${epoch}-${whole}`;
  }
}

/** The `since` of a frame, by what its client knows; undefined where it has none. */
export function sinceOf(ask: Ask, since: (channel: string) => Since): string | null | undefined {
  if (ask.action !== "subscribe" || ask.since === undefined) return undefined;
  const { value } = since(ask.channel);
  switch (ask.since) {
    case "last":
      return value ?? null;
    case "null":
      return null;
    case "stale":
      return "0-1";
    case "future":
      return typeof value === "string" ? value.replace(/\d+$/, "999999") : "0-1";
  }
}
