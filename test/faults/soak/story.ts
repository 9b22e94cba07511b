import { check, type Outcome } from "./check.ts";
import type { Row } from "./check-rows.ts";
import { contentOf } from "./message.ts";
import { Model } from "./model.ts";
import { beginAttempt, endAttempt, newMessage } from "./publishing.ts";
import type { MessageRecord, Protocol } from "./records.ts";

/** A hand-written history, for those who want to know whether the check finds what is wrong in it. */
export class Story {
  readonly model = new Model();
  /** What is in the table at the end. */
  readonly rows: Row[] = [];
  readonly probes = new Map<string, number>();
  readonly mayStay = new Set<string>();

  /** A client that is open; its connection id is `id-<name>`, and its rows are as they should be. */
  open(name: string, channels: string[], protocol: Protocol = "channels.v1"): this {
    this.model.connecting(name, protocol, channels);
    this.model.identify(name, `id-${name}`);
    this.model.opened(name);
    const shardKeys = channels.map((channel) => `${channel}#0`);
    this.rows.push({ connectionId: `id-${name}`, shardKeys, isConnection: true });
    for (const shardKey of shardKeys) this.subscription(name, shardKey);
    return this;
  }

  subscription(name: string, shardKey: string): this {
    const row = { connectionId: `id-${name}`, shardKeys: [shardKey], isConnection: false };
    this.rows.push(row);
    return this;
  }

  /** The client leaves by a close frame, and nothing is left of it. */
  close(name: string): this {
    this.model.ended(name, "leaves");
    this.model.closedCleanly(name);
    return this.forget(name);
  }

  forget(name: string): this {
    const left = this.rows.filter(({ connectionId }) => connectionId !== `id-${name}`);
    this.rows.splice(0, Infinity, ...left);
    return this;
  }

  subscribe(name: string, channel: string, told: Partial<Told> = {}): this {
    const { since, last = null, recovered } = told;
    this.model.asks(name, "subscribe", channel);
    this.model.told(name, { channel, since, last, recovered });
    this.model.answered(name, "subscribe", channel, "done");
    const [item] = this.#without(name, channel);
    item?.shardKeys.push(`${channel}#0`);
    return this.subscription(name, `${channel}#0`);
  }

  unsubscribe(name: string, channel: string): this {
    this.model.asks(name, "unsubscribe", channel);
    this.model.answered(name, "unsubscribe", channel, "done");
    this.#without(name, channel);
    return this;
  }

  message(channel = "news"): MessageRecord {
    return newMessage(this.model, channel, { filler: "", isJson: false, isSpaced: false });
  }

  /** Publishes a message that nobody has yet. */
  publish(id: string, message = this.message(), mayBeQueued = false): MessageRecord {
    const attempt = beginAttempt(this.model, message, "somebody");
    const answer = { text: id, id, mayBeQueued };
    endAttempt(this.model, message, attempt, id, { answer });
    return message;
  }

  /** Publishes, and nobody knows what came of it. */
  fail(message = this.message()): MessageRecord {
    endAttempt(this.model, message, beginAttempt(this.model, message, "somebody"), "500", {});
    return message;
  }

  get(name: string, { serial, channel }: MessageRecord, id: string, filler = ""): this {
    const { text } = contentOf("m", serial, { filler, isJson: false, isSpaced: false });
    this.model.got(name, { data: text, id, channel });
    return this;
  }

  read(
    entries: [id: string, MessageRecord][],
    { since, isWhole = true }: { since?: string; isWhole?: boolean } = {},
  ): this {
    this.model.readings.push({
      ...{ reader: "reader", channel: "news", since, lastAskedAt: this.model.tick(), isWhole },
      entries: entries.map(([id, { serial }]) => ({ id, serial })),
    });
    return this;
  }

  /** Takes a channel out of a client's rows, and returns those that are left. */
  #without(name: string, channel: string): Row[] {
    const own = this.rows.filter(({ connectionId }) => connectionId === `id-${name}`);
    this.forget(name);
    for (const { isConnection, ...row } of own) {
      const shardKeys = row.shardKeys.filter((shardKey) => shardKey !== `${channel}#0`);
      if (isConnection || shardKeys.length > 0) this.rows.push({ ...row, isConnection, shardKeys });
    }
    return this.rows.filter(({ connectionId }) => connectionId === `id-${name}`);
  }

  /** The rules that are broken. */
  broken(outcome: Partial<Outcome> = {}): string[] {
    const { rows, probes, mayStay } = this;
    const endAt = this.model.tick();
    const all = { endAt, isKept: true, countsOnce: true, rows, probes, mayStay, ...outcome };
    const { violations } = check(this.model, all);
    return violations.map(({ kind, rule }) => `${kind}: ${rule}`);
  }
}

type Told = { since: string | null; last: string | null; recovered: boolean };
