import assert from "node:assert/strict";
import { Problem } from "../../../handlers/protocol/problem.ts";
import type { StoredConnection } from "../../../handlers/store/connection.ts";
import { systemClock } from "../../../local/shared/clock.ts";
import {
  Changes,
  checkReplies,
  rowsAndNames,
  subscribed,
  type Said,
} from "../../support/changes.ts";
import { hookedTable, type HookedTable } from "../../support/hooked-table.ts";
import { everyChoice, merged } from "../../support/merged.ts";

const connectionId = "3OL9cOFvHcCIhw=";

/** Requests that no other change sees: to the channel's own item, and to rows that do not exist. */
const passing = /^\w+ channels#|^DeleteItem channel#\S+#(?!0 )/;

type Race = {
  /** Channels in which it is beforehand, out of `a` and `b`. */
  joined: ("a" | "b")[];
  /** Other channels in which it is. */
  others?: number;
  /** Of `a` and `b`, in how many it is in the end; undefined where that depends. */
  ends?: number;
  /** Each change with the connection as it was before all of them, if it wants that. */
  tasks: (
    changes: Changes,
    channels: { a: string; b: string; known: StoredConnection },
  ) => (() => Promise<Said | Said[]>)[];
  /** Whether the first two tasks are the same: the orders in which the second begins first are left out. */
  hasTwins?: boolean;
};

describe("changes of one connection's channels that run together", () => {
  let hooked: HookedTable;
  let races = 0;
  before(async () => {
    hooked = await hookedTable(systemClock);
  });

  /**
   * Runs the tasks in every order of their requests that makes a difference. Throws where one ends with
   * a row and no name, a name and no row, or a latest reply that is not true.
   */
  async function raceAll({
    joined,
    others = 0,
    ends,
    tasks,
    hasTwins = false,
  }: Race): Promise<number> {
    const { table } = hooked;
    const changes = new Changes(table, connectionId);
    const otherNames = Array.from({ length: others }, (_, index) => `other-${index}`);
    return everyChoice(async (choose) => {
      races += 1;
      const names = { a: `a${races}`, b: `b${races}` };
      const own = joined.map((name) => names[name]);
      await subscribed(table, connectionId, [...own, ...otherNames], own);
      const known = await changes.read();
      const { results, order } = await merged(tasks(changes, { ...names, known }), {
        choose,
        passing,
        hasTwins,
        sortsNeighbours: true,
      });
      try {
        const said = results.flatMap(saidIn);
        let inTheEnd = 0;
        for (const name of Object.values(names)) {
          const { rows, names: named } = await rowsAndNames(table, connectionId, name);
          assert.deepEqual(rows, named, "The channel's rows are not where it is named.");
          checkReplies(said, name, named.length > 0);
          inTheEnd += named.length;
        }
        if (ends !== undefined) assert.equal(inTheEnd, ends);
      } catch (error) {
        throw new Error(`${String(error)}\n${order.join("\n")}`, { cause: error });
      }
    });
  }

  it("a subscribe and an unsubscribe end in a row where the channel is named, or in neither", async () => {
    for (const joined of [[], ["a"]] satisfies Race["joined"][]) {
      const orders = await raceAll({
        joined,
        tasks: (changes, { a }) => [() => changes.subscribe(a), () => changes.unsubscribe(a)],
      });
      assert.ok(orders >= 8, `${orders}`);
    }
  });

  it("so do two subscribes with an unsubscribe between them", async () => {
    const orders = await raceAll({
      joined: ["a"],
      tasks: (changes, { a, known }) => [
        () => changes.subscribe(a, known),
        () => changes.subscribe(a, known),
        () => changes.unsubscribe(a),
      ],
      hasTwins: true,
    });
    assert.ok(orders >= 150, `${orders}`);
  });

  it("and one of two subscribes is refused where there is room for one more", async () => {
    const orders = await raceAll({
      joined: [],
      others: 99,
      ends: 1,
      tasks: (changes, { a, b }) => [() => changes.subscribe(a), () => changes.subscribe(b)],
    });
    assert.ok(orders >= 12, `${orders}`);
  });

  it("which takes back nothing that a later subscribe has written", async () => {
    const orders = await raceAll({
      joined: ["b"],
      others: 99,
      ends: 1,
      tasks: (changes, { a, b, known }) => [
        () => changes.subscribe(a, { ...known, channels: [] }),
        async () => [await changes.unsubscribe(b), await changes.subscribe(a)],
      ],
    });
    assert.ok(orders >= 40, `${orders}`);
  });
});

/** A change that is refused says nothing of a channel. */
function saidIn(result: PromiseSettledResult<Said | Said[]>): Said | Said[] {
  if (result.status === "fulfilled") return result.value;
  const reason: unknown = result.reason;
  const isRefusal = reason instanceof Problem && reason.code === "too-many-channels";
  return isRefusal ? [] : assert.fail(String(reason));
}
