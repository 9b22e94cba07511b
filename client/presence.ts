import { deferred } from "./deferred.ts";
import { keepConnected } from "./keeper.ts";
import type { Link } from "./link.ts";
import {
  ChannelsError,
  isPassing,
  type Frame,
  type Options,
  type State,
  type Url,
} from "./types.ts";

export { ChannelsError };

/** One who is on a channel, with the `info` of its token. */
export type Member<Info = unknown> = { member: string; info?: Info };

/** Who is on a channel, as far as is known. */
export type Presence<Info = unknown> = {
  readonly channel: string;
  /** Sorted by name. Where the connection is lost they stay until the next one has a list. */
  readonly members: readonly Member<Info>[];
  /** Whether there are too many to be told of: then there are no members, until the next connection asks again. */
  readonly limited: boolean;
  readonly state: State;
  /** Why the state is `failed`; before that, what was in the way of the last try. */
  readonly error: Error | undefined;
  /** Resolves with the first list; rejects with a ChannelsError where the stack refuses it, and then it is over. */
  readonly ready: Promise<void>;
  close(): void;
};

/** See `Options`: it has a connection of its own, as a client has. */
export type PresenceOptions<Info = unknown> = Omit<Options, "waits" | "orderMilliseconds"> & {
  /** Called when the members, `limited` or `state` have changed. */
  onChange?: (presence: Presence<Info>) => void;
};

type Word = { member: string; revision: number; info?: unknown };

/** See "presence" in docs/protocol.md. */
type Reply = Frame &
  Partial<Word> & { members?: Word[]; cursor?: string | null; limited?: boolean };

/** The most that a page of members can have. */
const pageLimit = 1_000;

/** Watches who is on a channel of a stack, from now until `close()`. Who watches is there too. */
export function watchPresence<Info = unknown>(
  url: Url,
  channel: string,
  { onChange, ...options }: PresenceOptions<Info> = {},
): Presence<Info> {
  const ready = deferred();
  /** The latest word of each member on this connection, also of those who have left. */
  let words = new Map<string, Word & { isHere: boolean }>();
  /** Whether all of the list is among the words. */
  let isListed = false;
  /** Times that it was told that there are too many. */
  let limits = 0;

  const change = (changes: Partial<Presence<Info>>) => {
    Object.assign(presence, changes);
    // What a callback throws stops nothing here.
    queueMicrotask(() => onChange?.(presence));
  };
  const hear = (word: Word, isHere: boolean) => {
    if ((words.get(word.member)?.revision ?? 0) < word.revision) {
      words.set(word.member, { ...word, isHere });
    }
  };
  const show = () => {
    const here = [...words.values()].filter(({ isHere }) => isHere);
    here.sort((one, other) => (one.member < other.member ? -1 : 1));
    const members = here.map(({ member, info }) =>
      info === undefined ? { member } : { member, info: info as Info },
    );
    change({ members, limited: false });
  };
  const limit = () => {
    isListed = false;
    limits += 1;
    change({ members: [], limited: true });
  };

  /** Reads the list, and what is told meanwhile; it shows them when it has all. */
  const list = async (link: Link) => {
    words = new Map();
    isListed = false;
    const before = limits;
    let reply: Reply = await link.request({ action: "subscribe", channel, presence: true });
    for (;;) {
      for (const word of reply.members ?? []) hear(word, true);
      if (reply.limited || !reply.cursor) break;
      const { cursor } = reply;
      reply = await link.request({ action: "presence", channel, cursor, limit: pageLimit });
    }
    // Where it was limited meanwhile, nobody is told of what comes after the list.
    if (reply.limited || limits > before) limit();
    else {
      isListed = true;
      show();
    }
    ready.resolve();
  };
  const join = async (link: Link) => {
    for (let tries = 0; link.isOpen();) {
      try {
        await list(link);
        return;
      } catch (error) {
        if (isPassing(error)) await keeper.backoff(tries++);
        else if (link.isOpen()) keeper.end("failed", error as ChannelsError);
      }
    }
  };

  const presence: Presence<Info> = {
    ...{ channel, members: [], limited: false, state: "connecting", error: undefined },
    ready: ready.promise,
    close() {
      keeper.end("closed", new ChannelsError("closed", "Closed."));
    },
  };
  const keeper = keepConnected(url, options, {
    onState(state, error) {
      change({ state, error });
      // Now, and not when the next connection opens: what the former is told does not mix with its list.
      const link = keeper.current();
      if (state === "connected" && link) void join(link);
    },
    onFrame(frame: Reply) {
      const { type, member, revision } = frame;
      if (frame.channel !== channel) return;
      if (type === "limited") limit();
      else if ((type === "joined" || type === "left") && member && revision) {
        hear({ ...frame, member, revision }, type === "joined");
        if (isListed) show();
      }
    },
    onLink: () => Promise.resolve(),
    onEnd: ready.reject,
  });
  return presence;
}
