import assert from "node:assert/strict";
import { actions } from "../../../handlers/actions/actions.ts";
import { publish } from "../../../handlers/delivery/publish.ts";
import { channelKey } from "../../../handlers/store/keys.ts";
import { connected } from "../../support/connected.ts";
import { hookedTable, type HookedTable } from "../../support/hooked-table.ts";
import { everyChoice, merged } from "../../support/merged.ts";
import { PassingClock } from "../../support/passing-clock.ts";
import { recordedSystem } from "../../support/recorded-system.ts";

type Reply = { type: string; last: Record<string, string>; recovered?: boolean };

describe("a subscribe to a prefix during a publish", function () {
  // Some hundred orders.
  this.timeout(300_000);
  let hooked: HookedTable;
  let races = 0;
  before(async () => {
    hooked = await hookedTable(new PassingClock(Date.now()));
  });

  /** Runs both in every order of their requests; the message is its channel's first, or its second. */
  async function raceAll(isFirst: boolean, resumes: boolean): Promise<number> {
    const { table } = hooked;
    return everyChoice(async (choose) => {
      races += 1;
      const prefix = `p${races}:*`;
      const channel = `p${races}:own`;
      const { connectionId } = await connected(table, ["other"], { protocol: "channels.v1" });
      const { system, asked } = recordedSystem(table, undefined, { prefixSubscriptions: true });
      const send = (text: string) => publish(system, channel, { text, isJson: false });
      const last = isFirst ? {} : { [channel]: (await send("seen")).id };
      const members = { channel: prefix, ...(resumes && { since: last }) };
      const grants = { subscribe: ["*"], publish: [], presence: [], admin: false };
      const frame = { connectionId, members, grants, text: "", until: table.clock.now() + 20_000 };
      const subscribe = actions.subscribe ?? assert.fail();
      // What either hangs on: the channel's item, the prefix's row, and the messages that are kept.
      const item = `\\S+ ${channelKey(channel).pk.S ?? ""}`;
      const row = `\\S+ channel#p${races}:\\*#0`;
      const passing = new RegExp(`^(?!${item}|${row}|\\S+ messages#)`);
      const { results, order } = await merged(
        [() => send("missed").then(({ id }) => id), () => subscribe(system, frame)],
        { choose, passing, choosesWithin: true },
      );
      const [id = "", reply = ""] = results.map((result) =>
        result.status === "fulfilled" ? result.value : assert.fail(String(result.reason)),
      );
      const said = JSON.parse(reply) as Reply;
      const isMissed = !asked.some((post) => post.includes(id));
      const found = `${reply}, the message ${id} ${isMissed ? "missed" : "came"}\n${order.join("\n")}`;
      assert.equal(said.type, "subscribed");
      assert.equal(typeof said.recovered, resumes ? "boolean" : "undefined");
      // What `last` does not have comes, and all of it where it says that it has recovered.
      assert.ok(!isMissed || said.last[channel] === id, found);
      assert.ok(!isMissed || said.recovered !== true, found);
    });
  }

  for (const [name, isFirst] of [
    ["of a channel that is new", true],
    ["of a channel that it knows", false],
  ] as const) {
    it(`has what comes after its "last" (${name})`, async () => {
      const orders = await raceAll(isFirst, false);
      assert.ok(orders >= 15, `${orders}`);
    });

    it(`has recovered nothing that it has not got (${name})`, async () => {
      const orders = await raceAll(isFirst, true);
      assert.ok(orders >= 15, `${orders}`);
    });
  }
});
