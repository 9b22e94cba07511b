import assert from "node:assert/strict";
import { replay } from "../../../handlers/actions/replay.ts";
import { publish, type Published } from "../../../handlers/delivery/publish.ts";
import { findChannel } from "../../../handlers/store/channel.ts";
import { findConnection } from "../../../handlers/store/connection.ts";
import { connected } from "../../support/connected.ts";
import { hookedTable, type HookedTable } from "../../support/hooked-table.ts";
import { PassingClock } from "../../support/passing-clock.ts";
import { failing, pausedBefore } from "../../support/paused.ts";
import { recordedSystem } from "../../support/recorded-system.ts";

const toKeep = /^PutItem messages#/;
const historySeconds = 300;

describe("a resume across a number whose publish has failed", () => {
  const clock = new PassingClock(Date.now());
  let hooked: HookedTable;
  before(async () => {
    hooked = await hookedTable(clock);
  });

  const send = (channel: string, text: string) => () =>
    publish(recordedSystem(hooked.table).system, channel, { text, isJson: false });
  const fail = (channel: string) => assert.rejects(failing(toKeep, send(channel, "never")));

  async function resume(channel: string, since: Published) {
    const { table } = hooked;
    const { connectionId } = await connected(table, [channel]);
    const connection = await findConnection(table, connectionId);
    assert.ok(connection);
    const { system, asked } = recordedSystem(table, () => 200, { historySeconds });
    const state = await findChannel(table, channel);
    const recovered = await replay(
      system,
      connection,
      [{ channel: state, since: since.id }],
      clock.now() + 20_000,
    );
    return { recovered, got: asked.map((post) => post.split(" ").at(-1)) };
  }

  for (const [where, after] of [
    ["in the middle", ["3"]],
    ["at the end", []],
  ] as const) {
    it(`is whole a minute later, and not before (${where})`, async () => {
      const channel = `whole-${after.length}`;
      const first = await send(channel, "1")();
      await fail(channel);
      for (const text of after) await send(channel, text)();
      assert.deepEqual(await resume(channel, first), { recovered: false, got: after });
      clock.advance(58_000);
      assert.deepEqual(await resume(channel, first), { recovered: false, got: after });
      clock.advance(2_000);
      assert.deepEqual(await resume(channel, first), { recovered: true, got: after });
    });

    it(`is not whole where its message might have been kept and expired (${where})`, async () => {
      const channel = `expired-${after.length}`;
      const first = await send(channel, "1")();
      clock.advance(100_000);
      await fail(channel);
      for (const text of after) await send(channel, text)();
      // What came right after the first message has expired 29 seconds before that at most.
      clock.advance((historySeconds - 100 - 37) * 1_000);
      assert.deepEqual(await resume(channel, first), { recovered: true, got: after });
      clock.advance(7_000);
      assert.deepEqual(await resume(channel, first), { recovered: false, got: after });
      clock.advance(40_000);
      assert.deepEqual(await resume(channel, first), { recovered: false, got: after });
    });
  }

  it("is not whole where a second gap is young", async () => {
    const first = await send("second", "1")();
    await fail("second");
    await send("second", "3")();
    clock.advance(60_000);
    await fail("second");
    await send("second", "5")();
    assert.deepEqual(await resume("second", first), { recovered: false, got: ["3", "5"] });
    clock.advance(60_000);
    assert.deepEqual(await resume("second", first), { recovered: true, got: ["3", "5"] });
  });

  it("waits for a message that is about to be kept", async () => {
    const first = await send("soon", "1")();
    const second = await pausedBefore(toKeep, send("soon", "2"));
    await send("soon", "3")();
    const resuming = await pausedBefore(/^Query messages#/, () => resume("soon", first));
    let finished: Promise<unknown> | undefined;
    clock.after(40, () => {
      finished = second.finish();
    });
    assert.deepEqual(await resuming.finish(), { recovered: true, got: ["2", "3"] });
    await finished;
  });
});
