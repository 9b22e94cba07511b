import assert from "node:assert/strict";

/** What the wire says of a member. */
export type Word = { member: string; revision: number; isHere: boolean; connections?: number };

/** What a watcher believes of a channel, by what has reached it since it subscribed: the rule of docs/protocol.md. */
export class Belief {
  /** Whether it is told that there are counts only. */
  isLimited = false;
  /** Whether it has its list. */
  isAnswered = false;
  /** Whether its watcher has begun to end. */
  isOver = false;
  readonly #words = new Map<string, Word>();
  readonly #listed = new Map<string, Word>();
  readonly #told: Word[] = [];
  readonly #heard = new Set<string>();

  /** Takes the text of a frame, or of a reply. Returns what it says of members. */
  take(text: string): Word[] {
    const frame = JSON.parse(text) as Frame;
    const words = wordsIn(frame);
    if (frame.members === undefined) {
      this.#told.push(...words);
      for (const { member, revision } of words) this.#heard.add(`${member} ${revision}`);
    }
    for (const word of frame.members === undefined ? [] : words) {
      this.#listed.set(word.member, word);
    }
    if (frame.limited === true || frame.type === "limited") {
      this.isLimited = true;
      this.#words.clear();
    } else if (frame.type === "subscribed") {
      this.isLimited = false;
      this.isAnswered = true;
    }
    for (const word of words) {
      const known = this.#words.get(word.member);
      if (known === undefined || known.revision < word.revision) this.#words.set(word.member, word);
    }
    return words;
  }

  /** Returns whether it was told of a turn. */
  hasHeard({ member, revision }: Word): boolean {
    return this.#heard.has(`${member} ${revision}`);
  }

  /** Throws where a member joins twice without leaving, or leaves twice; from its list on, and by revision. */
  checkTurns(): void {
    const last = new Map([...this.#listed].map(([member, { isHere }]) => [member, isHere]));
    const later = this.#told.filter(
      ({ member, revision }) => revision > (this.#listed.get(member)?.revision ?? 0),
    );
    // A frame may come twice.
    const turns = new Map(later.map((word) => [`${word.member} ${word.revision}`, word])).values();
    for (const { member, isHere } of [...turns].sort((one, two) => one.revision - two.revision)) {
      assert.notEqual(last.get(member), isHere, `${member} turns twice`);
      last.set(member, isHere);
    }
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
