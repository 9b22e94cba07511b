import assert from "node:assert/strict";
import { findChannel, growChannel, openChannel } from "../../../../handlers/store/channel.ts";
import type { Range } from "../../../../handlers/store/range.ts";
import { firstRecipients, halve, readRange } from "../../../../handlers/store/subscribers.ts";
import { connected } from "../../../support/connected.ts";
import { hookedTable, type HookedTable } from "../../../support/hooked-table.ts";
import { PassingClock } from "../../../support/passing-clock.ts";
import { seeded } from "../../../faults/faulty.ts";

describe("the recipients of a message", () => {
  let table: HookedTable["table"];
  before(async () => {
    ({ table } = await hookedTable(new PassingClock(Date.now())));
  });

  /** Reads them as a publish and the jobs of the queue do. */
  const readAll = async (channel: string, max: number) => {
    const first = await firstRecipients(table, await findChannel(table, channel), max);
    const found = [...first.subscribers];
    const left: Range[] = [...first.rest];
    for (const range of left) {
      const { subscribers, rest } = await readRange(table, channel, range, max);
      found.push(...subscribers);
      for (const one of rest) left.push(...(await halve(table, channel, one)));
    }
    const ids = found.map(({ connectionId }) => connectionId).sort();
    return { first, found: ids, ranges: left.length };
  };

  it("are all of the channel and of its prefixes, each once, however they overlap", async () => {
    const random = seeded(7);
    for (let number = 0; number < 60; number++) {
      const channel = `c${number}:x`;
      const names = [channel, `c${number}:*`, `c${number}:x:*`];
      const subscribed: string[] = [];
      for (let count = Math.floor(random() * 7); count > 0; count--) {
        if (random() < 0.2) await growChannel(table, await openChannel(table, channel));
        const own = names.filter(() => random() < 0.4);
        const { connectionId } = await connected(table, own);
        if (own.length > 0) subscribed.push(connectionId);
      }
      const { found } = await readAll(channel, 1 + Math.floor(random() * 5));
      assert.deepEqual(found, subscribed.sort(), channel);
    }
  });

  it("are not fewer where those of a prefix are among the first of the channel", async () => {
    const ids = ["a", "b"];
    await connected(table, ["own:x", "own:*"], { connectionId: "a" });
    await connected(table, ["own:x"], { connectionId: "b" });
    const { first, found } = await readAll("own:x", 1);
    assert.equal(first.subscribers.length, 1);
    assert.deepEqual(found, ids);
  });

  for (const own of [0, 30]) {
    it(`are read in few ranges where a prefix has most of them, and the channel ${own} in 64 shards`, async () => {
      const channel = `grown${own}:x`;
      for (let shards = 1; shards < 64; shards *= 2) {
        await growChannel(table, await openChannel(table, channel));
      }
      for (let count = 0; count < own; count++) await connected(table, [channel]);
      for (let count = 0; count < 60; count++) await connected(table, [`grown${own}:*`]);
      const { found, ranges } = await readAll(channel, 20);
      assert.equal(found.length, own + 60);
      assert.ok(ranges < 20, `${ranges} ranges`);
    });
  }

  it("are read as those of the channel alone where nobody is subscribed to a prefix", async () => {
    await connected(table, ["alone"], { connectionId: "a" });
    await connected(table, ["alone"], { connectionId: "b" });
    const { first } = await readAll("alone", 1);
    assert.deepEqual(first.rest, [{ shards: 1, shard: 0, after: "a", halvings: 0 }]);
  });

  it("are not those of a prefix below, or of one that only looks alike", async () => {
    await connected(table, ["deep:x:y:*", "deeper:*", "dee:*", "deep:x2:*"]);
    assert.deepEqual((await readAll("deep:x", 1)).found, []);
  });
});
