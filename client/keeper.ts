import { deferred } from "./deferred.ts";
import { endOfSignature, endOfToken } from "./ends.ts";
import { openLink, type Link } from "./link.ts";
import { ChannelsError, type Frame, type Options, type State, type Url } from "./types.ts";

/** Keeps a connection open, or opens the next. */
export type Keeper = {
  /** The connection that requests go to, if there is one. */
  current: () => Link | undefined;
  /** Waits for a connection. Rejects with a ChannelsError where it is not to wait, or in vain. */
  usable: () => Promise<Link>;
  /** Waits, until the end or a change of the network at most. */
  sleep: (milliseconds: number) => Promise<void>;
  /** Waits at random, up to twice as long after each try. */
  backoff: (tries: number) => Promise<void>;
  end: (state: State, error: Error) => void;
};

export type Events = {
  onState: (state: State, error?: Error) => void;
  onFrame: (frame: Frame) => void;
  /** Resolves when every subscription has joined a connection. */
  onLink: (link: Link) => Promise<unknown>;
  /** Called when there will be no connection any more. */
  onEnd: (error: Error) => void;
};

/** API Gateway ends a connection after 2 hours. */
const lifeMilliseconds = 7_200_000;

/** The next connection opens up to so many milliseconds before the end of one, or of its token. */
const leadMilliseconds = 300_000;

/** A connection that does not last for so many milliseconds is waited for longer each time. */
const lastingMilliseconds = 10_000;

export function keepConnected(url: Url, options: Options, events: Events): Keeper {
  const { token, http, waits, retryMilliseconds: [first, most] = [1_000, 30_000] } = options;
  const { onState, onFrame, onLink, onEnd } = events;
  const waiting = new Set<() => void>();
  const life = new AbortController();
  let over: Error | undefined;
  let link: Link | undefined;
  /** When the token of the connection ends. */
  let tokenEnd = Infinity;

  const current = () => (link?.isOpen() ? link : undefined);
  /** Whoever waits looks again. */
  const wake = () => {
    for (const resolve of waiting) resolve();
  };
  const sleep = (milliseconds: number) => {
    const { promise, resolve } = deferred();
    const done = () => {
      clearTimeout(timer);
      waiting.delete(done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    waiting.add(done);
    if (over) done();
    return promise;
  };
  const backoff = (tries: number) => sleep(Math.random() * Math.min(most, first * 2 ** tries));
  const use = (next: Link) => {
    link?.close();
    link = next;
    onState("connected");
    wake();
    void next.over.then(wake);
  };
  const end = (state: State, error: Error) => {
    if (over) return;
    over = error;
    link?.close();
    wake();
    life.abort();
    onEnd(error);
    onState(state, error);
  };

  /** Opens a connection; returns undefined where it does not open. */
  const open = async (): Promise<Link | undefined> => {
    const bearer = await token?.();
    tokenEnd = endOfToken(bearer);
    const target = new URL(await (typeof url === "function" ? url() : url));
    // To no channel, until a subscription joins. What is signed stays as it is.
    if (!/[?&](channel|X-Amz-Signature)=/.test(target.search)) {
      target.searchParams.append("channel", "");
    }
    const WebSocket = options.WebSocket ?? globalThis.WebSocket;
    const protocols = ["channels.v1", ...(bearer ? [`bearer.${bearer}`] : [])];
    const socket = new WebSocket(target.href, protocols);
    const next = openLink(socket, options.pingMilliseconds ?? 60_000, onFrame);
    if (await next.opened) return next;
    const hasEnded = Math.min(tokenEnd, endOfSignature(target)) <= Date.now();
    // A browser does not tell why a handshake failed. A request with the same token does.
    const headers: Record<string, string> = bearer ? { authorization: `Bearer ${bearer}` } : {};
    const answer = http && (await fetch(http, { headers }).catch(() => undefined));
    if (hasEnded || (answer && answer.status === 401)) {
      const reason = "Token or signed URL refused: return a valid one.";
      end("failed", new ChannelsError("refused", reason));
    }
    return undefined;
  };

  /** Resolves with whether the next connection is due, before this one ends; it may have ended. */
  const untilDue = (open: Link) => {
    const left = Math.min(lifeMilliseconds, tokenEnd - Date.now());
    const lead = Math.min(leadMilliseconds, left / 4) * (1 - Math.random() / 2);
    const due = deferred<boolean>();
    // A token that is the same each time is no reason to ask for it all the time.
    const timer = setTimeout(due.resolve, Math.max(lastingMilliseconds, left - lead), true);
    void open.over.then(() => {
      clearTimeout(timer);
      due.resolve(false);
    });
    return due.promise;
  };

  // A browser and its workers tell when the network comes and goes: then it tries at once.
  const check = () => {
    wake();
    link?.check();
  };
  const usable = async (): Promise<Link> => {
    if (over) throw over;
    const open = current();
    if (open) return open;
    if (waits === false) throw new ChannelsError("lost", "Not connected.");
    await sleep(most);
    return usable();
  };
  const isOver = () => over !== undefined;

  const run = async () => {
    let tries = 0;
    while (!isOver()) {
      if (!current()) onState("connecting");
      let failure: Error | undefined;
      const next = await open().catch((error: unknown) => void (failure = error as Error));
      if (isOver()) next?.close();
      else if (next) {
        const openedAt = Date.now();
        if (!current()) use(next);
        await onLink(next);
        // A move: all that the next has to bring is there before the former ends.
        if (isOver()) next.close();
        else if (link !== next && next.isOpen()) use(next);
        if (await untilDue(next)) continue;
        if (Date.now() - openedAt > lastingMilliseconds) tries = 0;
      }
      if (!current() && !isOver()) onState("waiting", failure);
      await backoff(tries++);
    }
  };
  const { signal } = life;
  for (const name of ["online", "offline"]) {
    (globalThis as Partial<EventTarget>).addEventListener?.(name, check, { signal });
  }
  // The caller has not got what the events are about.
  queueMicrotask(() => void run());

  return {
    current,
    sleep,
    backoff,
    end,
    usable,
  };
}
