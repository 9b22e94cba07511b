import assert from "node:assert/strict";
import {
  findChannel,
  growChannel,
  nextInChannel,
  openChannel,
} from "../../../../handlers/store/channel.ts";
import { channelKey } from "../../../../handlers/store/keys.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { PassingClock } from "../../../support/passing-clock.ts";

const day = 24 * 60 * 60;

describe("a channel", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  let table: ChannelTable["table"];
  before(async () => {
    channels = await openChannelTable({ clock });
    ({ table } = channels);
  });
  after(() => channels.close());

  it("begins with its first use, with an epoch of its own and without a message", async () => {
    const one = await openChannel(table, "one");
    const other = await nextInChannel(table, "other");
    assert.match(one.epoch, /^[a-z0-9]{6}$/);
    assert.notEqual(one.epoch, other.epoch);
    const { epoch } = one;
    assert.deepEqual(one, {
      name: "one",
      epoch,
      sequence: 0,
      numberedAt: 0,
      precededAt: 0,
      shards: 1,
      watch: { until: 0, begun: 0, members: 0, sweep: 0, sweepAt: 0 },
    });
    assert.equal(other.sequence, 1);
  });

  it("stays the same when it is opened again", async () => {
    const first = await nextInChannel(table, "opened");
    clock.advance(1_000);
    assert.deepEqual(await openChannel(table, "opened"), first);
    assert.deepEqual(await findChannel(table, "opened"), first);
  });

  it("gives each message a sequence of its own, without a gap, however many come at once", async () => {
    const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
    const taken = await Promise.all(numbers.map(() => nextInChannel(table, "busy")));
    const sequences = taken.map(({ sequence }) => sequence).sort((one, other) => one - other);
    assert.deepEqual(sequences, numbers);
    assert.equal(new Set(taken.map(({ epoch }) => epoch)).size, 1);
  });

  it("knows when its latest message, and the one before, have taken their numbers", async () => {
    let precededAt = 0;
    for (let times = 0; times < 2; times++) {
      clock.advance(1_000);
      const numberedAt = clock.now();
      const next = await nextInChannel(table, "numbered");
      assert.deepEqual([next.numberedAt, next.precededAt], [numberedAt, precededAt]);
      precededAt = numberedAt;
    }
  });

  it("is empty where nobody has used it, and the question leaves no trace", async () => {
    const unused = {
      name: "unused",
      epoch: "",
      sequence: 0,
      numberedAt: 0,
      precededAt: 0,
      shards: 1,
      watch: { until: 0, begun: 0, members: 0, sweep: 0, sweepAt: 0 },
    };
    assert.deepEqual(await findChannel(table, "unused"), unused);
    assert.deepEqual(await channels.items("unused"), []);
  });

  it("lives for 30 days from its last use, which no question is", async () => {
    const end = () => channels.endOf(channelKey("kept"));
    const seconds = Math.floor(clock.now() / 1000);
    await openChannel(table, "kept");
    assert.equal(await end(), seconds + 30 * day);
    clock.advance(day * 1000);
    await findChannel(table, "kept");
    assert.equal(await end(), seconds + 30 * day);
    await nextInChannel(table, "kept");
    assert.equal(await end(), seconds + 31 * day);
  });

  it("grows to twice its shards, once for all who find it too small", async () => {
    const small = await nextInChannel(table, "grown");
    await Promise.all([1, 2, 3].map(() => growChannel(table, small)));
    const twice = await findChannel(table, "grown");
    assert.deepEqual(twice, { ...small, shards: 2 });
    await growChannel(table, twice);
    await growChannel(table, small);
    assert.deepEqual(await openChannel(table, "grown"), { ...small, shards: 4 });
  });

  it("grows to 64 shards and no further", async () => {
    await openChannel(table, "large");
    for (let times = 0; times < 8; times++) {
      await growChannel(table, await findChannel(table, "large"));
    }
    assert.equal((await nextInChannel(table, "large")).shards, 64);
  });

  it("that is no more does not come back by growing", async () => {
    const former = { ...(await openChannel(table, "lived")), name: "forgotten" };
    await growChannel(table, former);
    assert.deepEqual(await channels.items("forgotten"), []);
  });

  it("throws where it could not be asked whether it has grown", async () => {
    const nowhere = { ...table, name: "nowhere" };
    const channel = await openChannel(table, "lost");
    await assert.rejects(growChannel(nowhere, channel), { name: "ResourceNotFoundException" });
  });
});
