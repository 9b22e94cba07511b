import { deferred } from "./deferred.ts";
import { openFeed, type Feed } from "./feed.ts";
import { keepConnected } from "./keeper.ts";
import { list } from "./list.ts";
import { newKey, untilSent } from "./publish.ts";
import {
  ChannelsError,
  type Channels,
  type Message,
  type Options,
  type SubscribeOptions,
  type Subscription,
  type Url,
} from "./types.ts";
import { openWindow } from "./window.ts";

/** Connects to a stack. */
export function connect(url: Url, options: Options = {}): Channels {
  const feeds = new Set<Feed>();
  /** Why there will be no connection any more. */
  let over: Error | undefined;

  const subscribe = <Data>(
    channel: string,
    { onMessage, onGap, since }: SubscribeOptions<Data> = {},
  ): Subscription<Data> => {
    const messages = list<Message<Data>>();
    const ready = deferred();
    // What a callback throws stops nothing here.
    const later = <Value>(callback: ((value: Value) => void) | undefined, value: Value) => {
      queueMicrotask(() => {
        if (feeds.has(feed)) callback?.(value);
      });
    };
    const feed = openFeed({
      ...{ channel, keeper, onReady: ready.resolve, order: options.orderMilliseconds },
      window: openWindow(
        since,
        (message) => {
          messages.push(message as Message<Data>);
          later(onMessage, message as Message<Data>);
        },
        (gap) => {
          later(onGap, gap);
        },
      ),
      onEnd(error) {
        feeds.delete(feed);
        ready.reject(error);
        messages.end(error);
      },
    });
    feeds.add(feed);
    const link = keeper.current();
    if (over) feed.end(over);
    else if (link) void feed.join(link);
    return {
      ...{ channel, ready: ready.promise, [Symbol.asyncIterator]: () => messages.read() },
      publish: (data) => channels.publish(channel, data),
      unsubscribe() {
        feed.end();
        const link = keeper.current();
        void link?.inTurn(async () => {
          if ([...feeds].some((other) => other.channel === channel)) return;
          await link.request({ action: "unsubscribe", channel }).catch(() => undefined);
        });
      },
    };
  };

  const channels: Channels = Object.assign(new EventTarget(), {
    ...{ state: "connecting" as const, error: undefined, subscribe },
    async publish(channel: string, data: unknown) {
      const frame = { action: "publish", channel, data, idempotencyKey: newKey() };
      const send = async () => (await keeper.usable()).request(frame);
      const { id = "" } = await untilSent(send, keeper.backoff, options.waits);
      return { id };
    },
    close() {
      keeper.end("closed", new ChannelsError("closed", "Closed."));
    },
  });
  const keeper = keepConnected(url, options, {
    onState(state, error) {
      const isChange = channels.state !== state;
      Object.assign(channels, { state, error });
      if (isChange) channels.dispatchEvent(new Event("statechange"));
    },
    onFrame(frame) {
      for (const feed of feeds) {
        if (frame.type === "message" && feed.channel === frame.channel) feed.take(frame as Message);
      }
    },
    onLink: (link) => Promise.all([...feeds].map((feed) => feed.join(link))),
    onEnd(error) {
      over = error;
      for (const feed of feeds) feed.end(error);
    },
  });
  return channels;
}
