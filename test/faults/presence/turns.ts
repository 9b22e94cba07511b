import assert from "node:assert/strict";
import type { Table } from "../../../handlers/aws/table.ts";
import { toMember } from "../../../handlers/store/member.ts";
import type { Belief, Word } from "./belief.ts";

/** A change of a member's item with which it turns, here or away. */
type Turn = Word & { at: number; watchers: Belief[] };

/**
 * The turns as the table takes them, and who watches in that moment. All of these hear of it, but those who end before
 * they are told; and nobody hears of what was none. A turn of which nobody hears is one at which nobody watched, or
 * nobody who was still there to be told; and so the turns alternate for each watcher, from its list to its end.
 */
export class Turns {
  readonly #known = new Map<string, Turn>();
  #untold: Turn[] = [];

  /** `watchers` returns those who have their list, and have not begun to end. */
  constructor({ client, clock }: Table, watchers: () => Belief[]) {
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const { input } = args;
        if (!("UpdateExpression" in input)) return result;
        const [, channel] = /^members#(.*)/.exec(input.Key?.pk?.S ?? "") ?? [];
        const [, isHere] = /^SET isHere = :(true|false)/.exec(input.UpdateExpression ?? "") ?? [];
        const name = input.Key?.sk?.S;
        if (channel === undefined || isHere === undefined || name === undefined) return result;
        const { output } = result;
        const item = toMember(
          channel,
          name,
          "Attributes" in output ? (output.Attributes ?? {}) : {},
        );
        const at = { at: clock.now(), watchers: watchers() };
        // What comes has the item as it was before, and what goes as it is.
        if (isHere === "false") {
          this.#add({ member: name, revision: item.revision, isHere: false, ...at });
        } else if (!item.isHere) {
          this.#add({ member: name, revision: item.revision + 1, isHere: true, ...at });
        }
        return result;
      },
      { step: "initialize", priority: "low", name: "turns" },
    );
  }

  #add(turn: Turn): void {
    this.#known.set(`${turn.member} ${turn.revision}`, turn);
    this.#untold.push(turn);
  }

  forget(): void {
    this.#known.clear();
    this.#untold = [];
  }

  /** Throws where a watcher has heard of a turn that was none. */
  checkHeard({ member, revision, isHere }: Word): void {
    const turn = this.#known.get(`${member} ${revision}`);
    assert.equal(turn?.isHere, isHere, `${member} has not turned with ${revision}`);
  }

  /** Throws where one that watched, and still does, has not heard of a turn that was before this time, or then. */
  checkTold(until: number): void {
    const due = this.#untold.filter(({ at }) => at <= until);
    this.#untold = this.#untold.filter(({ at }) => at > until);
    for (const turn of due) {
      const { member, revision, watchers } = turn;
      const { length: deaf } = watchers.filter((one) => !one.isOver && !one.hasHeard(turn));
      assert.equal(deaf, 0, `${deaf} of ${watchers.length} do not know of ${member} ${revision}`);
    }
  }
}
