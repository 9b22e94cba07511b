import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { Exchange, type HistoryAsk } from "./exchange.ts";
import { readIncoming } from "./incoming.ts";
import { text } from "./json.ts";
import type { Model } from "./model.ts";
import type { Reply } from "./open-frame.ts";
import type { Protocol } from "./records.ts";
import type { Ask, Leave } from "./script.ts";
import { sinceOf, type Since } from "./since.ts";

/** Milliseconds without an answer after which none is expected: longer than API Gateway waits. */
const patience = 40_000;

/** The head of a masked text frame of 100 bytes, and half of the text. */
const partOfFrame = Buffer.concat([Buffer.of(0x81, 0x80 + 100, 1, 2, 3, 4), Buffer.alloc(50)]);

export type SocketOptions = {
  model: Model;
  url: string;
  name: string;
  protocol: Protocol;
  channels: string[];
  /** What the client resumes from, by channel. */
  since: (channel: string) => Since;
  /** Milliseconds until it goes away, in the middle of its handshake or soon after. */
  goesAfter: number | undefined;
};

/** A client's connection, which tells the model all that it sees. */
export class SoakSocket {
  readonly name: string;
  readonly #options: SocketOptions;
  readonly #socket: WebSocket;
  #tcp: Socket | undefined;
  #exchange: Exchange | undefined;
  #hasLeft = false;
  readonly closed: Promise<void>;
  /** False where it never will be. */
  readonly #opened: Promise<boolean>;

  private constructor(options: SocketOptions) {
    const { model, url, name, protocol, channels } = options;
    this.#options = options;
    this.name = name;
    const query = channels.map((channel) => `channel=${encodeURIComponent(channel)}`).join("&");
    this.#socket = new WebSocket(`${url}?${query}`, protocol === "plain" ? [] : [protocol], {
      headers: { "user-agent": name },
      perMessageDeflate: false,
      createConnection: () => {
        const { hostname, port } = new URL(url);
        this.#tcp = connect(Number(port), hostname);
        return this.#tcp;
      },
    });
    this.#socket.on("error", (error) => {
      model.diary.note(name, `error: ${error.message}`);
    });
    const opened = new Promise<true>((resolve) => {
      this.#socket.once("open", () => {
        model.opened(name);
        resolve(true);
      });
    });
    this.#socket.on("message", (data: Buffer) => {
      this.#take(data.toString());
    });
    this.closed = new Promise((resolve) => {
      this.#socket.once("close", (code) => {
        if (this.#hasLeft && code !== 1006) model.closedCleanly(name);
        else if (!this.#hasLeft) model.ended(name, `is closed with ${code}`, code);
        this.#exchange?.abandon(undefined);
        resolve();
      });
    });
    this.#opened = Promise.race([opened, this.closed.then(() => false)]);
  }

  /** Connects; undefined where the handshake is refused or the client goes away before it is done. */
  static async connect(options: SocketOptions): Promise<SoakSocket | undefined> {
    const { model, name, protocol, channels, goesAfter } = options;
    model.connecting(name, protocol, channels.length > 0 ? channels : ["test"]);
    const client = new SoakSocket(options);
    const goAway = () => {
      client.leave("cut");
    };
    if (goesAfter !== undefined) setTimeout(goAway, goesAfter);
    return (await client.#opened) ? client : undefined;
  }

  get isOpen(): boolean {
    return !this.#hasLeft && this.#socket.readyState === WebSocket.OPEN;
  }

  /** Sends frames without waiting in between; resolves with the answers when all of them have come. */
  async ask(asks: readonly (Ask | HistoryAsk)[]): Promise<Reply[]> {
    if (!this.isOpen) return [];
    const { model, name, since } = this.#options;
    const exchange = new Exchange(model, name);
    this.#exchange = exchange;
    for (const ask of asks) {
      const frame = exchange.frame(ask, (of) => sinceOf(of, since));
      model.diary.note(name, `> ${frame}`, "channel" in ask ? ask.channel : undefined);
      this.#socket.send(frame);
    }
    const isOver = new AbortController();
    const late = sleep(patience, "late", isOver).catch(() => "over");
    if ((await Promise.race([exchange.done, late])) === "late") {
      model.toldNothing(name);
      exchange.abandon(undefined);
    }
    isOver.abort();
    this.#exchange = undefined;
    return exchange.replies;
  }

  /** Leaves by a close frame, by cutting TCP, or by cutting it in the middle of a frame. */
  leave(how: Leave): void {
    if (this.#hasLeft || this.#socket.readyState === WebSocket.CLOSED) return;
    this.#hasLeft = true;
    const { model, name } = this.#options;
    model.ended(name, `leaves: ${how}`);
    if (how === "close") this.#socket.close();
    else if (how === "cut") this.#tcp?.destroy();
    else this.#tcp?.write(partOfFrame, () => this.#tcp?.resetAndDestroy());
  }

  #take(frame: string): void {
    const { model, name, protocol, since } = this.#options;
    const incoming = readIncoming(protocol, frame);
    if ("answer" in incoming) {
      this.#answer(incoming.answer);
      return;
    }
    model.got(name, incoming.got);
    const { channel, id } = { channel: undefined, id: undefined, ...incoming.got };
    if (channel !== undefined && id !== undefined) since(channel).message(id);
  }

  #answer(frame: string | Reply): void {
    const { model, name, since } = this.#options;
    const line = typeof frame === "string" ? frame : JSON.stringify(frame);
    model.diary.note(
      name,
      `< ${line}`,
      typeof frame === "string" ? undefined : text(frame.channel),
    );
    this.#exchange?.take(frame);
    if (typeof frame !== "string" && frame.type === "subscribed") {
      since(text(frame.channel) ?? "").subscribed(text(frame.last) ?? null);
    }
  }
}
