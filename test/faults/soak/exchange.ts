import { text } from "./json.ts";
import type { Outcome } from "./membership.ts";
import { contentOf, dataOf } from "./message.ts";
import type { Model } from "./model.ts";
import { beginAttempt, endAttempt, newMessage } from "./publishing.ts";
import { answeredBy, type OpenFrame, type Reply } from "./open-frame.ts";
import type { Ask } from "./script.ts";

/** A `history` frame, which only a reading sends. */
export type HistoryAsk = {
  action: "history";
  channel: string;
  limit: number;
  since: string | undefined;
};

/** Frames of one client that are sent together, until each has its answer. */
export class Exchange {
  readonly #model: Model;
  readonly #name: string;
  #open: OpenFrame[] = [];
  /** Answers that do not say which frame they are for. */
  #errors: string[] = [];
  /** Channels on which a subscribe is told that a later unsubscribe has the last word. */
  #takenBack: string[] = [];
  readonly replies: Reply[] = [];
  /** Resolves when nothing is left to wait for. */
  readonly done: Promise<void>;
  #onDone: () => void = () => undefined;

  constructor(model: Model, name: string) {
    this.#model = model;
    this.#name = name;
    this.done = new Promise((resolve) => (this.#onDone = resolve));
  }

  /** The text to send; `since` is what the client would resume from. */
  frame(ask: Ask | HistoryAsk, sinceOf: (ask: Ask) => string | null | undefined): string {
    const model = this.#model;
    const name = this.#name;
    switch (ask.action) {
      case "subscribe": {
        const since = sinceOf(ask);
        model.asks(name, "subscribe", ask.channel);
        return this.#opened({ ...ask, since }, { ...ask, since });
      }
      case "unsubscribe":
        model.asks(name, "unsubscribe", ask.channel);
        return this.#opened(ask, ask);
      case "publish": {
        const { action, channel } = ask;
        const message = newMessage(model, channel, ask.draft);
        const attempt = beginAttempt(model, message, name);
        const data = dataOf(message.content);
        return this.#opened({ action, channel, message, attempt }, { action, channel, data });
      }
      case "echo": {
        const draft = { filler: '{"action":"no', isJson: false, isSpaced: false };
        const content = contentOf("e", model.nextSerial(), draft);
        this.#open.push({ action: "echo", text: content.text });
        return content.text;
      }
      default:
        return this.#opened(ask, ask);
    }
  }

  /** Takes an answer; `frame` is an echo's text, or what the JSON says. */
  take(frame: string | Reply): void {
    if (typeof frame !== "string") this.replies.push(frame);
    const found = answeredBy(frame, this.#open);
    if (found !== undefined && typeof frame !== "string") this.#answered(found, frame);
    else if (found !== undefined) this.#close(found);
    else if (typeof frame !== "string") this.#failed(frame);
    this.#closeTakenBack();
    const left = this.#open.length;
    if (left === 0) this.#onDone();
    if (left === 0 || this.#errors.length + this.#takenBack.length < left) return;
    const [code = ""] = this.#errors;
    const outcome = left === 1 && code !== "" && code !== "internal" ? "refused" : "unknown";
    this.abandon(outcome);
  }

  /** Nothing more comes for what has no answer. */
  abandon(outcome: Outcome | undefined): void {
    for (const open of this.#open.splice(0)) {
      if (open.action === "publish") {
        const isRefused = outcome === "refused";
        endAttempt(this.#model, open.message, open.attempt, outcome ?? "not at all", { isRefused });
      }
      // Without any answer it may still be done, whenever.
      if (outcome === undefined) continue;
      if (open.action === "subscribe" || open.action === "unsubscribe") {
        this.#model.answered(this.#name, open.action, open.channel, outcome);
      }
    }
    this.#errors = [];
    this.#takenBack = [];
    this.#onDone();
  }

  #opened(open: OpenFrame, frame: object): string {
    this.#open.push(open);
    return JSON.stringify(frame);
  }

  #close(open: OpenFrame): void {
    this.#open.splice(this.#open.indexOf(open), 1);
  }

  /** Which of several subscribes has been taken back is known when no other is left. */
  #closeTakenBack(): void {
    for (const channel of new Set(this.#takenBack)) {
      const told = this.#takenBack.filter((name) => name === channel);
      const opens = this.#open.filter(
        (open) => open.action === "subscribe" && open.channel === channel,
      );
      if (opens.length > told.length) continue;
      this.#takenBack = this.#takenBack.filter((name) => name !== channel);
      for (const open of opens) {
        this.#close(open);
        this.#model.answered(this.#name, "subscribe", channel, "done");
      }
    }
  }

  #answered(open: OpenFrame, frame: Reply): void {
    this.#close(open);
    if (open.action === "publish") {
      const id = text(frame.id) ?? "";
      const answer = { text: `published ${id}`, id, mayBeQueued: true };
      endAttempt(this.#model, open.message, open.attempt, answer.text, { answer });
    }
    if (open.action !== "subscribe" && open.action !== "unsubscribe") return;
    if (open.action === "subscribe" && frame.type === "subscribed") {
      const { channel, since } = open;
      const recovered = typeof frame.recovered === "boolean" ? frame.recovered : undefined;
      const last = text(frame.last) ?? null;
      this.#model.told(this.#name, { channel, since, last, recovered });
    }
    this.#model.answered(this.#name, open.action, open.channel, "done");
  }

  #failed({ type, code, message, channel }: Reply): void {
    if (type === "unsubscribed") this.#takenBack.push(text(channel) ?? "");
    const isError = type === "error" || (type === undefined && message !== undefined);
    if (!isError) return;
    this.#errors.push(text(code) ?? "");
    if (code !== undefined) this.#model.toldError(this.#name, text(code) ?? "");
  }
}
