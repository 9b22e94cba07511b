import { signal, type Signal } from "@preact/signals";
import type { HandshakeRequest } from "../api.ts";
import { frameList, type FrameList } from "./frame-list.ts";
import { received } from "./measures.ts";
import { askHandshake, parseRecord } from "./requests.ts";
import { subscriptions, type Since } from "./subscriptions.ts";
import { watches, type Watched } from "./watches.ts";

/** A client of the stack, in a column of its own. */
export type Client = Pick<HandshakeRequest, "protocol" | "member"> & {
  number: number;
  state: Signal<"connecting" | "open" | "closed">;
  /** The channels that it is on, sorted. */
  channels: Signal<string[]>;
  /** Of these, those that it watches, with who is there. */
  watched: Signal<Watched[]>;
  frames: FrameList;
  /** Sends a frame: text, or an action as JSON. */
  send: (frame: string | Record<string, unknown>) => void;
  subscribe: (channel: string, since: Since | undefined, isWatching: boolean) => void;
  unsubscribe: (channel: string) => void;
  disconnect: () => void;
  /** Connects once more, resumes each channel where the kind of client can, and watches what it has watched. */
  reconnect: () => void;
};

/** Connects a client to these channels, or to the default channel, which it is told here too. */
export function connect(number: number, asked: HandshakeRequest, defaultChannel: string): Client {
  const { protocol, member } = asked;
  const known = subscriptions(asked.channels.length > 0 ? asked.channels : [defaultChannel]);
  const watching = watches();
  const frames = frameList();
  const state: Client["state"] = signal("connecting");
  const channels = signal(known.names());
  const watched: Client["watched"] = signal([]);
  let socket: WebSocket | undefined;
  let isWanted = true;
  /** Texts that come back. */
  const echoes = new Set<string>();
  /** Channels that wait to be resumed: a connection resumes one at a time. */
  let toResume: string[] = [];

  function note(text: string): void {
    frames.add({ kind: "note", text, time: Date.now() });
  }

  async function open(onOpen: () => void): Promise<void> {
    state.value = "connecting";
    isWanted = true;
    let opened: WebSocket;
    try {
      const { url, protocols } = await askHandshake({ ...asked, channels: channels.value });
      opened = new WebSocket(url, protocols);
    } catch (error) {
      note(`No connection: ${error instanceof Error ? error.message : String(error)}`);
      state.value = "closed";
      return;
    }
    socket = opened;
    opened.onopen = () => {
      state.value = "open";
      if (isWanted) onOpen();
      else opened.close();
    };
    opened.onmessage = ({ data }) => {
      take(String(data));
    };
    opened.onclose = ({ code, reason }) => {
      known.closed();
      echoes.clear();
      toResume = [];
      state.value = "closed";
      note(`Closed: ${code}${reason === "" ? "" : ` ${reason}`}`);
    };
  }

  function take(text: string): void {
    const time = Date.now();
    const isEcho = echoes.delete(text);
    const frame = parseRecord(text);
    const place = frame && known.received(frame);
    const { told, next } = (frame && watching.received(frame)) ?? {};
    channels.value = known.names();
    watched.value = watching.watched();
    if (place?.opened) {
      frames.add({ kind: "gap", channel: String(frame?.channel), gap: place.opened, time });
    }
    if (told) frames.add({ kind: "told", text, time, channel: String(frame?.channel), told });
    else {
      const message = received({ text, frame, marks: place?.marks, protocol, isEcho, time });
      frames.add({ kind: "in", text, time, ...(message && { message }) });
    }
    if (next) client.send(next);
    if (frame?.type === "subscribed" && frame.recovered === false) {
      note(`Messages of ${String(frame.channel)} are lost: they are no longer kept`);
    }
    if (frame?.type === "subscribed" || frame?.type === "error") resumeNext();
  }

  function resumeNext(): void {
    const channel = toResume.shift();
    if (channel === undefined) return;
    const since = protocol === "plain" ? undefined : known.resumeFrom(channel);
    client.subscribe(channel, since, watching.isWatched(channel));
  }

  const client: Client = {
    ...{ number, protocol, member, state, channels, watched, frames },
    send(frame) {
      if (socket?.readyState !== WebSocket.OPEN) return;
      const text = typeof frame === "string" ? frame : JSON.stringify(frame);
      const action = parseRecord(text);
      if (action !== undefined) {
        known.sent(action);
        watching.sent(action);
      } else if (protocol === "plain") echoes.add(text);
      socket.send(text);
      frames.add({ kind: "out", text, time: Date.now() });
    },
    subscribe(channel, since, isWatching) {
      const more = { ...(since !== undefined && { since }), ...(isWatching && { presence: true }) };
      client.send({ action: "subscribe", channel, ...more });
    },
    unsubscribe(channel) {
      client.send({ action: "unsubscribe", channel });
    },
    disconnect() {
      isWanted = false;
      socket?.close();
    },
    reconnect() {
      void open(() => {
        const again = (channel: string) => protocol !== "plain" || watching.isWatched(channel);
        toResume = channels.value.filter(again);
        resumeNext();
      });
    },
  };
  void open(() => undefined);
  return client;
}
