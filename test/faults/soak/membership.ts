/** What a client knows of its being on a channel. */
export type Standing = "in" | "out" | "unknown";

export type Change = "subscribe" | "unsubscribe";

/**
 * What came of a change: it was done; it was refused, and nothing has changed; or nobody knows, as
 * after an answer that is an internal error, or no answer.
 */
export type Outcome = "done" | "refused" | "unknown";

/** One client on one channel: what is certain of it, and from which moment on. */
export class Membership {
  readonly #standings: { at: number; standing: Standing }[];
  readonly #pending: Change[] = [];
  /** Both kinds of change were under way together: either may have been done last. */
  #isMixed = false;
  #isHalf = false;
  #before: Standing;

  constructor(standing: Standing) {
    this.#standings = [{ at: 0, standing }];
    this.#before = standing;
  }

  get standing(): Standing {
    return this.#standings.at(-1)?.standing ?? "unknown";
  }

  /**
   * Whether a change of it may have been done by half, which its client was told, or not told at all. The
   * next change puts that right.
   */
  get mayBeHalf(): boolean {
    return this.#isHalf || this.#pending.length > 0;
  }

  /** From now on it stands so, whatever was before: the handshake's answer has come. */
  begin(standing: Standing, at: number): void {
    this.#set(standing, at);
  }

  /** The client asks for a change, and has no answer yet. */
  ask(change: Change, at: number): void {
    if (this.#pending.length === 0) this.#before = this.standing;
    this.#pending.push(change);
    this.#isMixed ||= new Set(this.#pending).size > 1;
    // Subscribing twice is the same as once, also where the second time fails.
    const changesNothing = this.standing === (change === "subscribe" ? "in" : "out");
    if (!changesNothing || this.#isMixed) this.#set("unknown", at);
  }

  answer(change: Change, outcome: Outcome, at: number): void {
    const index = this.#pending.indexOf(change);
    if (index === -1) return;
    this.#pending.splice(index, 1);
    if (outcome === "unknown") this.#isHalf = true;
    if (this.#isMixed) {
      this.#isMixed = this.#pending.length > 0;
      return;
    }
    if (outcome === "done") {
      this.#isHalf = false;
      this.#set(change === "subscribe" ? "in" : "out", at);
    }
    if (outcome === "refused" && this.#pending.length === 0) this.#set(this.#before, at);
  }

  /** Whether it certainly stood so at both moments, and at every one in between. */
  stood(standing: Standing, from: number, to: number): boolean {
    let within: Standing = "unknown";
    for (const entry of this.#standings) {
      if (entry.at <= from) within = entry.standing;
      else if (entry.at <= to && entry.standing !== standing) return false;
    }
    return within === standing;
  }

  #set(standing: Standing, at: number): void {
    if (standing !== this.standing) this.#standings.push({ at, standing });
  }
}
