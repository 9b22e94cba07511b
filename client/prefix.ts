import { deferred } from "./deferred.ts";
import { openFeed } from "./feed.ts";
import { keepConnected } from "./keeper.ts";
import { list } from "./list.ts";
import { ChannelsError, type Message, type Options, type State, type Url } from "./types.ts";
import { openWindows, type LastIds, type PrefixGap } from "./windows.ts";

export { ChannelsError };
export type { LastIds, Message, PrefixGap };

/** A channel's name and `:*`: that channel, and every one below it. */
export type Prefix = `${string}:*`;

/** A subscription to a prefix is an iterable, too: of the messages that come from when one begins to read. */
export type PrefixSubscription<Data = unknown> = AsyncIterable<Message<Data>> & {
  readonly prefix: Prefix;
  readonly state: State;
  /** Why the state is `failed`; before that, what was in the way of the last try. */
  readonly error: Error | undefined;
  /** The last id of each channel without a gap below it, as `since` takes them: of up to 1,000 channels. */
  readonly last: LastIds;
  /** Resolves once it is subscribed; rejects where the stack refuses that, and then it is over. */
  readonly ready: Promise<void>;
  close(): void;
};

/** See `Options`: it has a connection of its own, as a client has. */
export type PrefixOptions<Data = unknown> = Omit<Options, "waits"> & {
  /** Called with each message once: in the order of its channel, among those of others in any. */
  onMessage?: (message: Message<Data>) => void;
  /** Called where messages may be lost for good, once for each gap. */
  onGap?: (gap: PrefixGap) => void;
  /**
   * The last ids that are known, as `last` has them: the messages after these come first, and all that are kept of
   * other channels. Defaults to new ones only.
   */
  since?: LastIds | null;
};

/** Subscribes to a prefix of a stack that takes these, until `close()`. */
export function subscribePrefix<Data = unknown>(
  url: Url,
  prefix: Prefix,
  { onMessage, onGap, since, ...options }: PrefixOptions<Data> = {},
): PrefixSubscription<Data> {
  const messages = list<Message<Data>>();
  const ready = deferred();
  let isOver = false;
  const { orderMilliseconds: order = 15_000 } = options;

  // What a callback throws stops nothing here.
  const later = (act: () => void) => {
    queueMicrotask(() => {
      if (!isOver) act();
    });
  };
  const windows = openWindows({
    ...{ first: since, order },
    deliver(message) {
      messages.push(message as Message<Data>);
      later(() => onMessage?.(message as Message<Data>));
    },
    onGap(gap) {
      later(() => onGap?.(gap));
    },
    retake(message) {
      feed.take(message);
    },
  });
  const subscription: PrefixSubscription<Data> = {
    ...{ prefix, state: "connecting", error: undefined, ready: ready.promise },
    get last() {
      return windows.last();
    },
    close() {
      keeper.end("closed", new ChannelsError("closed", "Closed."));
    },
    [Symbol.asyncIterator]: () => messages.read(),
  };
  const keeper = keepConnected(url, options, {
    onState(state, error) {
      Object.assign(subscription, { state, error });
    },
    onFrame(frame) {
      // It still gets some while the connection waits for its last reply.
      if (isOver || frame.type !== "message") return;
      if (`${frame.channel}:`.startsWith(prefix.slice(0, -1))) feed.take(frame as Message);
    },
    onLink(link) {
      windows.resume();
      return feed.join(link);
    },
    onEnd(error) {
      feed.end(error);
    },
  });
  const feed = openFeed({
    ...{ channel: prefix, window: windows, order, keeper, onReady: ready.resolve },
    onEnd(error) {
      isOver = true;
      windows.end();
      ready.reject(error);
      messages.end(error);
      // Unless it is over by the keeper's own end.
      keeper.end("failed", error as ChannelsError);
    },
  });
  return subscription;
}
