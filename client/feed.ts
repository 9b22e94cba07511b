import type { Keeper } from "./keeper.ts";
import type { Link } from "./link.ts";
import { isPassing, type ChannelsError, type Message } from "./types.ts";
import type { Window } from "./window.ts";

/** What a client keeps of a subscription. */
export type Feed = {
  channel: string;
  /** Subscribes on a connection; resolves when it has brought what was missed, or is over. */
  join(link: Link): Promise<unknown>;
  take(message: Message): void;
  end(error?: Error): void;
};

export type FeedOptions<Last> = {
  /** A channel, or a prefix. */
  channel: string;
  window: Window<Last>;
  /** Milliseconds for which a message waits for one before it. */
  order: number | undefined;
  keeper: Pick<Keeper, "current" | "sleep" | "backoff">;
  onReady: () => void;
  onEnd: (error?: Error) => void;
};

/** Milliseconds after which the stack is asked for a message that is missing, and then again. */
const missingMilliseconds = 1_000;

export function openFeed<Last>(options: FeedOptions<Last>): Feed {
  const { channel, keeper, onReady, order = 15_000, window, onEnd } = options;
  let isEnded = false;
  let timer: unknown;
  let missingSince = 0;

  /** Sees to it that what is missing is not waited for too long. */
  const watch = () => {
    if (window.isWhole() || isEnded || timer) return;
    missingSince ||= Date.now();
    timer = setTimeout(() => {
      timer = 0;
      if (isEnded) return;
      if (window.isWhole()) missingSince = 0;
      else if (Date.now() - missingSince >= order) window.flush();
      const link = keeper.current();
      if (link && !window.isWhole()) void join(link);
      watch();
    }, missingMilliseconds);
  };
  const end = (error?: Error) => {
    if (isEnded) return;
    isEnded = true;
    clearTimeout(timer as number);
    onEnd(error);
  };
  const join = (link: Link) =>
    link.inTurn(async () => {
      for (let tries = 0; !isEnded && link.isOpen();) {
        try {
          const since = window.since();
          const { type, last, recovered } = await link.request({
            action: "subscribe",
            channel,
            since,
          });
          // An unsubscribe of before may have had the last word.
          if (type !== "subscribed") continue;
          const again = window.settle(last as Last, recovered, since);
          if (again > 1) await keeper.sleep(missingMilliseconds);
          if (again) continue;
          onReady();
          watch();
          return;
        } catch (error) {
          if (isPassing(error)) await keeper.backoff(tries++);
          else if (link.isOpen()) end(error as ChannelsError);
        }
      }
    });

  return {
    channel,
    join,
    take(message) {
      window.take(message);
      if (!order) window.flush();
      watch();
    },
    end,
  };
}
