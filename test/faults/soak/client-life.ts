import { setTimeout as sleep } from "node:timers/promises";
import { keysOf, listOf, text } from "./json.ts";
import { markIn } from "./message.ts";
import type { Model } from "./model.ts";
import type { Reading } from "./records.ts";
import type { Peek, Step } from "./script.ts";
import { Since } from "./since.ts";
import { SoakSocket } from "./soak-socket.ts";

export type LifeOptions = {
  model: Model;
  url: string;
  /** Of the one who connects; each of its connections is `<name>.<number>`. */
  name: string;
  steps: readonly Step[];
  /** Asks about a client while it connects; called before it does. */
  peek: (client: string, peek: Peek) => void;
  count: (operation: string) => void;
};

/** Milliseconds within which what a lost instance had sent to the table or to clients has arrived. */
const lostMilliseconds = 150;

/** Lives the steps one after the other; resolves with the connection that is left, if any is. */
export async function liveAsClient(options: LifeOptions): Promise<SoakSocket | undefined> {
  const { model, url, name, steps, peek, count } = options;
  const sinces = new Map<string, Since>();
  const since = (channel: string) => {
    const known = sinces.get(channel) ?? new Since();
    sinces.set(channel, known);
    return known;
  };
  let connections = 0;
  let socket: SoakSocket | undefined;

  for (const step of steps) {
    switch (step.kind) {
      case "pause":
        await sleep(step.milliseconds);
        break;
      case "connect": {
        const { protocol, channels, patience: goesAfter } = step;
        const client = `${name}.${++connections}`;
        count(goesAfter === undefined ? "connect" : "connect and go away");
        if (step.peek !== undefined) peek(client, step.peek);
        const options = { model, url, name: client, protocol, channels, since, goesAfter };
        socket = await SoakSocket.connect(options);
        if (socket === undefined) count("refused or gone while connecting");
        break;
      }
      case "ask": {
        if (!socket?.isOpen) break;
        for (const ask of step.asks) {
          const isResume = ask.action === "subscribe" && ask.since !== undefined;
          count(isResume ? "subscribe with since" : ask.action);
        }
        if (step.asks.length > 1) count("frames together");
        const replies = await socket.ask(step.asks);
        const isLost = replies.some(({ type, code }) => type === undefined || code === "internal");
        if (isLost) count("answer that is an internal error");
        if (isLost) await sleep(lostMilliseconds);
        break;
      }
      case "read":
        if (socket?.isOpen) {
          count("history by frames");
          await read(socket, model, `${name}.${connections}`, step);
        }
        break;
      case "leave": {
        if (!socket?.isOpen) break;
        const { how, whileSubscribing } = step;
        count(whileSubscribing === undefined ? how : `${how} while subscribing`);
        if (whileSubscribing !== undefined) {
          const { channel, milliseconds } = whileSubscribing;
          void socket.ask([{ action: "subscribe", channel, since: undefined }]);
          await sleep(milliseconds);
        }
        socket.leave(how);
        await socket.closed;
      }
    }
  }
  return socket?.isOpen ? socket : undefined;
}

/** Reads a channel's history as far as it goes; a reading that fails is no reading. */
async function read(
  socket: SoakSocket,
  model: Model,
  reader: string,
  { channel, limit }: { channel: string; limit: number },
): Promise<void> {
  const reading: Reading = {
    reader,
    channel,
    since: undefined,
    entries: [],
    lastAskedAt: 0,
    isWhole: false,
  };
  for (let more = true; more;) {
    reading.lastAskedAt = model.tick();
    const since = reading.entries.at(-1)?.id;
    const [reply] = await socket.ask([{ action: "history", channel, limit, since }]);
    if (reply?.type !== "history") return;
    const entries = entriesIn(reply.messages);
    reading.entries.push(...entries);
    reading.isWhole = reply.more !== true;
    more = !reading.isWhole && entries.length > 0;
  }
  model.readings.push(reading);
}

/** The messages in an answer. */
export function entriesIn(messages: unknown): Reading["entries"] {
  return listOf(messages).map((message) => {
    const { id, data } = keysOf(message);
    return { id: text(id) ?? "", serial: markIn(data)?.serial ?? 0 };
  });
}
