/** What the wire says of a member. */
export type Word = { member: string; revision: number; isHere: boolean; connections?: number };

/** What a watcher believes of a channel, by what has reached it since it subscribed: the rule of docs/protocol.md. */
export class Belief {
  /** Whether it is told that there are counts only. */
  isLimited = false;
  readonly #words = new Map<string, Word>();

  /** Takes the text of a frame, or of a reply. Returns what it says of members. */
  take(text: string): Word[] {
    const frame = JSON.parse(text) as Frame;
    const words = wordsIn(frame);
    if (frame.limited === true || frame.type === "limited") {
      this.isLimited = true;
      this.#words.clear();
    } else if (frame.type === "subscribed") this.isLimited = false;
    for (const word of words) {
      const known = this.#words.get(word.member);
      if (known === undefined || known.revision < word.revision) this.#words.set(word.member, word);
    }
    return words;
  }

  /** Returns who is here, sorted. */
  get here(): string[] {
    return [...this.#words.values()]
      .filter(({ isHere }) => isHere)
      .map(({ member }) => member)
      .sort();
  }
}

type Frame = {
  type: string;
  member: string;
  revision: number;
  limited?: boolean;
  members?: { member: string; revision: number; connections: number }[];
};

function wordsIn({ type, member, revision, members = [] }: Frame): Word[] {
  const isTurn = type === "joined" || type === "left";
  if (isTurn) return [{ member, revision, isHere: type === "joined" }];
  return members.map((one) => ({ ...one, isHere: true }));
}
