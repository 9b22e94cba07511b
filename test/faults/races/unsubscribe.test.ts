import assert from "node:assert/strict";
import { publish } from "../../../handlers/delivery/publish.ts";
import { growChannel, openChannel } from "../../../handlers/store/channel.ts";
import { connected } from "../../support/connected.ts";
import { Changes, rowsAndNames } from "../../support/changes.ts";
import { hookedTable, type HookedTable } from "../../support/hooked-table.ts";
import { PassingClock } from "../../support/passing-clock.ts";
import { failing } from "../../support/paused.ts";
import { recordedSystem } from "../../support/recorded-system.ts";

const content = { text: "hello", isJson: false };
const connectionId = "3OL9cOFvHcCIhw=";
const ofRow = /^DeleteItem channel#/;

describe("an unsubscribe that fails", () => {
  let hooked: HookedTable;
  before(async () => {
    hooked = await hookedTable(new PassingClock(Date.now()));
  });

  /** Throws unless the connection neither has a row nor gets what is published. */
  async function checkUnsubscribed(channel: string): Promise<void> {
    const { rows, names } = await rowsAndNames(hooked.table, connectionId, channel);
    assert.deepEqual({ rows, names }, { rows: [], names: [] });
    const { system, asked } = recordedSystem(hooked.table);
    await publish(system, channel, content);
    assert.deepEqual(asked, []);
  }

  for (const [name, like] of [
    ["at the row", ofRow],
    ["at the connection's item", /^UpdateItem connection#/],
  ] as const) {
    for (const how of ["refused", "lost"] as const) {
      it(`${name} (${how}) is done by its repeat`, async () => {
        const channel = `${like === ofRow ? "row" : "item"}-${how}`;
        await connected(hooked.table, [channel], { connectionId });
        const changes = new Changes(hooked.table, connectionId);
        const unsubscribe = () => changes.unsubscribe(channel);
        await assert.rejects(failing(like, unsubscribe, how), { name: "TableDown" });
        await unsubscribe();
        await checkUnsubscribed(channel);
      });
    }
  }

  it("and is repeated when the channel has grown leaves no row in its former shard", async () => {
    await connected(hooked.table, ["grown"], { connectionId });
    const changes = new Changes(hooked.table, connectionId);
    const unsubscribe = () => changes.unsubscribe("grown");
    await assert.rejects(failing(ofRow, unsubscribe), { name: "TableDown" });
    await growChannel(hooked.table, await openChannel(hooked.table, "grown"));
    await unsubscribe();
    await checkUnsubscribed("grown");
  });

  it("and is followed by a subscribe leaves a row of that alone, also where the channel has grown", async () => {
    await connected(hooked.table, ["again"], { connectionId });
    const changes = new Changes(hooked.table, connectionId);
    const unsubscribe = () => changes.unsubscribe("again");
    await assert.rejects(failing(ofRow, unsubscribe), { name: "TableDown" });
    await growChannel(hooked.table, await openChannel(hooked.table, "again"));
    await changes.subscribe("again");
    const { rows, names } = await rowsAndNames(hooked.table, connectionId, "again");
    assert.deepEqual({ rows, names }, { rows: ["again#1"], names: ["again#1"] });
  });

  it("and is followed by a subscribe that fails, and an unsubscribe, leaves no row in any shard", async () => {
    await connected(hooked.table, ["both"], { connectionId });
    const changes = new Changes(hooked.table, connectionId);
    const unsubscribe = () => changes.unsubscribe("both");
    await assert.rejects(failing(ofRow, unsubscribe), { name: "TableDown" });
    await growChannel(hooked.table, await openChannel(hooked.table, "both"));
    // It has its row in the new shard, and cannot delete the one that is left in the other.
    const subscribe = () => changes.subscribe("both");
    await assert.rejects(failing(ofRow, subscribe), { name: "TableDown" });
    await unsubscribe();
    await checkUnsubscribed("both");
  });
});
