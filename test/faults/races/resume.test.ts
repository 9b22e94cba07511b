import assert from "node:assert/strict";
import { actions } from "../../../handlers/actions/actions.ts";
import { publish } from "../../../handlers/delivery/publish.ts";
import { connected } from "../../support/connected.ts";
import { hookedTable, type HookedTable } from "../../support/hooked-table.ts";
import { everyChoice, merged } from "../../support/merged.ts";
import { PassingClock } from "../../support/passing-clock.ts";
import { recordedSystem } from "../../support/recorded-system.ts";

type Reply = { type: string; last: string | null; recovered?: boolean };

const sequenceIn = (id: string | null) => Number(id?.split("-")[1] ?? 0);

/** What neither the publish nor the reply hangs on. */
const passing = /^UpdateItem connection#\S+ connection REMOVE/;

describe("a subscribe during a publish", function () {
  // Some thousand orders.
  this.timeout(300_000);
  const clock = new PassingClock(Date.now());
  let hooked: HookedTable;
  let races = 0;
  before(async () => {
    hooked = await hookedTable(clock);
  });

  /** Runs both in every order of their requests, each with a client that has seen the message before. */
  async function raceAll(historySeconds: number, resumes: boolean): Promise<number> {
    const { table } = hooked;
    return everyChoice(async (choose) => {
      races += 1;
      const channel = `c${races}`;
      const { connectionId } = await connected(table, ["other"], { protocol: "channels.v1" });
      const { system, asked } = recordedSystem(table, () => 200, { historySeconds });
      const send = (text: string) => publish(system, channel, { text, isJson: false });
      const { id: since } = await send("seen");
      const members = { channel, ...(resumes && { since }) };
      const grants = { subscribe: ["*"], publish: [], presence: [], admin: false };
      const frame = { connectionId, members, grants, text: "", until: clock.now() + 20_000 };
      const subscribe = actions.subscribe ?? assert.fail();
      const { results, order } = await merged(
        [() => send("missed").then(({ id }) => id), () => subscribe(system, frame)],
        { choose, passing, choosesWithin: true },
      );
      const [id = "", reply = ""] = results.map((result) =>
        result.status === "fulfilled" ? result.value : assert.fail(String(result.reason)),
      );
      const { type, last, recovered } = JSON.parse(reply) as Reply;
      const isMissed = !asked.some((post) => post.includes(id));
      const found = `${reply}, the message ${id} ${isMissed ? "missed" : "came"}\n${order.join("\n")}`;
      assert.equal(type, "subscribed");
      assert.equal(typeof recovered, resumes ? "boolean" : "undefined");
      // Above "last" nothing is missed, and nothing at all of what is said to be recovered.
      assert.ok(!isMissed || sequenceIn(last) >= sequenceIn(id), found);
      assert.ok(!isMissed || recovered !== true, found);
    });
  }

  for (const [name, historySeconds] of [
    ["where nothing is kept", 0],
    ["where messages are kept", 300],
  ] as const) {
    it(`has what comes after its "last" (${name})`, async () => {
      const orders = await raceAll(historySeconds, false);
      assert.ok(orders >= 20, `${orders}`);
    });

    it(`has recovered nothing that it has not got (${name})`, async () => {
      const orders = await raceAll(historySeconds, true);
      assert.ok(orders >= 20, `${orders}`);
    });
  }
});
