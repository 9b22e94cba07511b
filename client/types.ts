/** A message of a channel, as the stack delivers it. */
export type Message<Data = unknown> = {
  /** `<epoch>-<sequence>`: the sequence grows by one with each message of the channel. */
  id: string;
  channel: string;
  /** What was published: text, or any other JSON. */
  data: Data;
  /** When it was published, as in `2026-11-22T10:00:00.000Z`. */
  time: string;
};

/** Messages that may be lost for good: all between these two, of which neither is among them. */
export type Gap = {
  /** The id of the last message before it; null where there was none. */
  after: string | null;
  /** The id of the first message that is not lost, whether it has come yet or not; null on an empty channel. */
  before: string | null;
};

/** The URL of a stack's WebSocket API, or what returns one at each connection, as a signed one. */
export type Url = string | URL | (() => string | URL | Promise<string | URL>);

/**
 * - `connecting`: it opens a connection, for the first time or again;
 * - `connected`: it has one;
 * - `waiting`: it could not open one, and waits before it tries again;
 * - `closed`: by `close()`;
 * - `failed`: the stack refuses it, as `error` says; nothing more is tried.
 */
export type State = "connecting" | "connected" | "waiting" | "closed" | "failed";

export type Options = {
  /**
   * Returns a token of the stack's issuer, where the stack has `auth: jwt`. It is asked for one at each
   * connection and before the last one ends.
   */
  token?: () => string | Promise<string>;
  /**
   * URL of the stack's HTTP API, with its slash at the end. It tells whether a handshake was refused for its
   * token, which a browser does not. Defaults to where this file came from, if a stack served it.
   */
  http?: string | URL;
  /** Whether `publish` waits for a connection, or rejects where there is none. Defaults to true. */
  waits?: boolean;
  /**
   * Milliseconds for which a message waits for one before it that is missing, in whole seconds; 0 delivers
   * messages as they come. Defaults to 15,000.
   */
  orderMilliseconds?: number;
  /** Milliseconds without a frame after which a ping is sent. Defaults to 60,000. */
  pingMilliseconds?: number;
  /** Milliseconds that the first wait before another try takes at most, and any. Default to 1,000 and 30,000. */
  retryMilliseconds?: readonly [first: number, most: number];
  /** The class of WebSockets, where the platform has none: that of the package `ws`. */
  WebSocket?: new (url: string, protocols: string[]) => Socket;
};

export type SubscribeOptions<Data = unknown> = {
  /** Called with each message once. */
  onMessage?: (message: Message<Data>) => void;
  /** Called where messages may be lost for good, once for each gap. */
  onGap?: (gap: Gap) => void;
  /** The id of the last message that is known: those after it come first. Defaults to new ones only. */
  since?: string | null;
};

/** A subscription is an iterable, too: of the messages that come from when one begins to read. */
export type Subscription<Data = unknown> = AsyncIterable<Message<Data>> & {
  readonly channel: string;
  /** Resolves once it is subscribed; rejects where the stack refuses that, and then it is over. */
  readonly ready: Promise<void>;
  /**
   * Publishes text or any other JSON to the channel, once, however often it has to be sent. Rejects with a
   * ChannelsError.
   */
  publish(data: unknown): Promise<{ id: string }>;
  unsubscribe(): void;
};

/** A client, which stays connected until `close()`. Its event `statechange` says that `state` has changed. */
export type Channels = EventTarget & {
  readonly state: State;
  /** Why the state is `failed`; before that, what was in the way of the last try. */
  readonly error: Error | undefined;
  subscribe<Data = unknown>(channel: string, options?: SubscribeOptions<Data>): Subscription<Data>;
  /** Publishes to a channel without a subscription to it. */
  publish(channel: string, data: unknown): Promise<{ id: string }>;
  /** Ends every subscription, and the connection. */
  close(): void;
};

/** A frame of the stack; API Gateway's own have no `type`. */
export type Frame = {
  type?: string;
  ref?: string;
  code?: string;
  message?: string;
  channel?: string;
  id?: string;
  /** An id, or null; of a prefix the ids of its channels. */
  last?: unknown;
  recovered?: boolean;
};

/** What the client uses of a WebSocket: the platform's own, or that of the package `ws`. */
export type Socket = {
  readonly readyState: number;
  onopen: unknown;
  onmessage: unknown;
  onclose: unknown;
  onerror: unknown;
  send(data: string): void;
  close(): void;
};

/** What a stack has refused, by a code of docs/protocol.md, or what the client could not do, by its own. */
export class ChannelsError extends Error {
  /** The client's own are `closed`, `failed`, `lost` and `refused`. */
  readonly code: string;

  constructor(code: string, message: string | undefined) {
    super(message);
    this.code = code;
  }
}

/** Returns whether the same may go well a little later. */
export function isPassing(error: unknown): boolean {
  return /^(failed|internal|unknown-connection|unreached)$|progress/.test(
    (error as ChannelsError).code,
  );
}
