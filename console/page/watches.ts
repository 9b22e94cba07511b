/** One who is on a channel, with the `info` of its token. */
export type Member = { member: string; info?: unknown };

/** Who is on a channel that a client watches, as far as it has been told. */
export type Watched = {
  channel: string;
  /** Sorted by name. */
  members: Member[];
  /** Whether the list is on its way, or has come, or there are too many to be told of. */
  state: "listing" | "listed" | "limited";
  /** Why it does not come, in the stack's words. */
  refusal?: string;
};

/** What a client knows of the channels that it watches, from the frames that go in and out. */
export type Watches = {
  /** Sorted by channel. They stay over a cut, until the next connection asks for their lists. */
  watched(): Watched[];
  isWatched(channel: string): boolean;
  /** Notes an action that the client sends. */
  sent(frame: Record<string, unknown>): void;
  /** Notes a frame that it gets; returns what this means to a watch. */
  received(frame: Record<string, unknown>): News;
};

export type News = {
  /** What only those are told who watch. */
  told?: Told;
  /** The action that reads the rest of a list. */
  next?: Record<string, unknown>;
};

export type Told = "joined" | "left" | "limited";

/** Of two words about one member the one with the higher revision is the later. */
type Word = Member & { revision: number; isHere: boolean };

/** A channel, from the `subscribe` that asks who is there. */
type Watch = {
  state: Watched["state"];
  refusal?: string;
  /** Of the action that has asked for it. */
  ref: unknown;
  /** Whether the stack has said so, and nothing against it since. */
  isWatched: boolean;
  /** The latest word of each member, also of those who have left. */
  words: Map<string, Word>;
};

/** The most that a page of members can have. */
const pageLimit = 1_000;

export function watches(): Watches {
  const byChannel = new Map<string, Watch>();
  const isWatched = (channel: string) => byChannel.get(channel)?.isWatched ?? false;

  return {
    watched: () =>
      [...byChannel]
        .filter(([channel]) => isWatched(channel))
        .map(([channel, { words, state, refusal }]) => ({
          ...{ channel, members: membersOf(words), state },
          ...(refusal !== undefined && { refusal }),
        }))
        .sort((one, other) => (one.channel < other.channel ? -1 : 1)),
    isWatched,
    sent({ action, channel, presence, ref }) {
      if (action !== "subscribe" || presence !== true || typeof channel !== "string") return;
      const words: Watch["words"] = new Map();
      byChannel.set(channel, { words, state: "listing", ref, isWatched: isWatched(channel) });
    },
    received(frame) {
      const { type, channel, connections } = frame;
      if (isError(frame)) refuse(byChannel.values(), frame);
      const watch = byChannel.get(String(channel));
      if (watch === undefined) return {};
      if (type === "unsubscribed") watch.isWatched = false;
      if (type === "subscribed" && typeof connections === "number") {
        watch.isWatched = true;
        return list(watch, frame);
      }
      if (type === "presence" && watch.state === "listing") return list(watch, frame);
      if (type === "limited") {
        limit(watch);
        return { told: type };
      }
      if (type !== "joined" && type !== "left") return {};
      return hear(watch, frame, type === "joined") ? { told: type } : {};
    },
  };
}

/** Takes a page of a list. */
function list(watch: Watch, { channel, members, cursor, limited }: Record<string, unknown>): News {
  delete watch.refusal;
  if (limited === true) limit(watch);
  // Where it was limited meanwhile, nobody is told of what comes after the list.
  if (watch.state === "limited" || !Array.isArray(members)) return {};
  for (const member of members) hear(watch, member, true);
  if (typeof cursor === "string") {
    return { next: { action: "presence", channel, cursor, limit: pageLimit } };
  }
  watch.state = "listed";
  return {};
}

/** Returns whether something has failed: API Gateway's own error has no type. */
function isError({ type, requestId }: Record<string, unknown>): boolean {
  return type === "error" || (type === undefined && typeof requestId === "string");
}

/** Takes an error for an answer to what was asked with its `ref`; without one, to whatever has no answer yet. */
function refuse(watches: Iterable<Watch>, { message, ref }: Record<string, unknown>): void {
  for (const watch of watches) {
    const isIts = ref === undefined || ref === watch.ref;
    if (watch.state === "listing" && isIts) watch.refusal = String(message);
  }
}

function limit(watch: Watch): void {
  watch.state = "limited";
  delete watch.refusal;
  watch.words.clear();
}

/** Takes a word about a member; returns whether it is one. */
function hear({ words, state }: Watch, said: unknown, isHere: boolean): boolean {
  const { member, revision, info } = (said ?? {}) as Record<string, unknown>;
  if (typeof member !== "string" || typeof revision !== "number") return false;
  const isLater = revision > (words.get(member)?.revision ?? 0);
  if (isLater && state !== "limited") words.set(member, { member, info, revision, isHere });
  return true;
}

function membersOf(words: Watch["words"]): Member[] {
  return [...words.values()]
    .filter(({ isHere }) => isHere)
    .map(({ member, info }) => ({ member, ...(info !== undefined && { info }) }))
    .sort((one, other) => (one.member < other.member ? -1 : 1));
}
