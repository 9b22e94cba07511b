import assert from "node:assert/strict";
import { actions } from "../../../handlers/actions/actions.ts";
import { publish } from "../../../handlers/delivery/publish.ts";
import { findChannel, growChannel, openChannel } from "../../../handlers/store/channel.ts";
import { listSubscribers } from "../../../handlers/store/directory.ts";
import { connected } from "../../support/connected.ts";
import { Changes, rowsAndNames } from "../../support/changes.ts";
import { hookedTable, type HookedTable } from "../../support/hooked-table.ts";
import { merged } from "../../support/merged.ts";
import { PassingClock } from "../../support/passing-clock.ts";
import { pausedBefore } from "../../support/paused.ts";
import { recordedSystem } from "../../support/recorded-system.ts";

// In the second of two shards, and in the last of four.
const connectionId = "3OL9cOFvHcCIhw=";
const grants = { subscribe: ["*"], publish: [], presence: [], admin: false };

describe("a channel that grows", () => {
  const clock = new PassingClock(Date.now());
  let hooked: HookedTable;
  before(async () => {
    hooked = await hookedTable(clock);
  });

  const grow = async (channel: string) =>
    growChannel(hooked.table, await openChannel(hooked.table, channel));

  for (const [name, historySeconds, pausedAt, recovered] of [
    ["is kept", 300, /^Query channel#/, true],
    ["is about to be kept", 300, /^PutItem messages#/, false],
    ["is never kept", 0, /^Query channel#/, false],
  ] as const) {
    it(`after a message has its number leaves who comes then no claim to it (it ${name})`, async () => {
      const channel = name.replaceAll(" ", "-");
      await connected(hooked.table, ["other"], { connectionId, protocol: "channels.v1" });
      const { system, asked } = recordedSystem(hooked.table, () => 200, { historySeconds });
      const send = (text: string) => publish(system, channel, { text, isJson: false });
      const subscribe = async (since?: string): Promise<unknown> => {
        const members = { channel, since };
        const frame = { connectionId, grants, members, text: "", until: clock.now() + 20_000 };
        return JSON.parse((await actions.subscribe?.(system, frame)) ?? "");
      };
      const first = await send("first");
      const publishing = await pausedBefore(pausedAt, () => send("second"));
      await grow(channel);
      const reply = await subscribe();
      const { rows } = await rowsAndNames(hooked.table, connectionId, channel);
      assert.deepEqual(rows, [`${channel}#1`]);
      const resumed = await subscribe(first.id);
      const got = asked.map((post) => post.includes('"second"'));

      const { id, delivered } = await publishing.finish();
      assert.deepEqual({ delivered, got }, { delivered: 0, got: recovered ? [true] : [] });
      const state = { type: "subscribed", channel, last: id };
      assert.deepEqual(reply, { ...state, revision: 2 });
      assert.deepEqual(resumed, { ...state, recovered, revision: 3 });
      // The next one comes.
      assert.equal((await send("third")).delivered, 1);
    });
  }

  it("has one row of a client that subscribes again, and lists it once, at every step", async () => {
    const { table } = hooked;
    await connected(table, ["again"], { connectionId });
    await grow("again");
    const changes = new Changes(table, connectionId);
    const steps: string[] = [];
    const look = async () => {
      const { rows, names } = await rowsAndNames(table, connectionId, "again");
      const channel = await findChannel(table, "again");
      const { entries } = await listSubscribers(table, channel, { limit: 10, cursor: undefined });
      steps.push([...rows, ...names, ...entries.map(({ shardKey }) => shardKey)].join(" "));
    };
    const again = [() => changes.subscribe("again")];
    await merged(again, { choose: () => 0, onSent: look });
    assert.ok(steps.length >= 6, `${steps.length}`);
    assert.deepEqual([...new Set(steps)], ["again#0 again#0 again#0"]);

    await changes.unsubscribe("again");
    steps.length = 0;
    await merged(again, { choose: () => 0, onSent: look });
    assert.equal(steps.at(-1), "again#1 again#1 again#1");
    assert.ok(!steps.some((step) => step.includes("again#0")), steps.join(", "));
  });

  it("has one row of a client that subscribes twice while it grows", async () => {
    const { table } = hooked;
    await connected(table, ["other"], { connectionId });
    const changes = new Changes(table, connectionId);
    // It has seen the channel as it was, and the other has not.
    const before = await pausedBefore(/^UpdateItem connection#/, () => changes.subscribe("twice"));
    await grow("twice");
    await changes.subscribe("twice");
    await before.finish();
    const { rows, names } = await rowsAndNames(table, connectionId, "twice");
    assert.deepEqual({ rows, names }, { rows: ["twice#1"], names: ["twice#1"] });
  });
});
