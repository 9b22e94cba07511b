import assert from "node:assert/strict";
import { writeJob } from "../../../../handlers/delivery/job.ts";
import { work } from "../../../../handlers/delivery/worker.ts";
import { findChannel, growChannel, openChannel } from "../../../../handlers/store/channel.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { PassingClock } from "../../../support/passing-clock.ts";
import { recordedSystem } from "../../../support/recorded-system.ts";

describe("a channel whose ranges are long", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  let table: ChannelTable["table"];
  let count = 0;
  before(async () => {
    // On a page of two, three are more than fit; what ends leaves a shard one page more.
    channels = await openChannelTable({ clock, probe: { pageItems: 2 } });
    ({ table } = channels);
  });
  after(() => channels.close());

  /** Returns over how many shards a channel is spread when the job of such a range is done. */
  async function shardsAfter(
    range: { shards: number; shard?: number; halvings: number },
    own: number,
    ofPrefix: number,
  ): Promise<number> {
    const channel = `c${++count}`;
    await openChannel(table, channel);
    for (let shards = 1; shards < range.shards; shards *= 2) {
      await growChannel(table, { name: channel, shards });
    }
    for (let left = own; left > 0; left--) await connected(table, [channel]);
    for (let left = ofPrefix; left > 0; left--) await connected(table, [`${channel}:*`]);
    const message = { channel, epoch: "k3f9x2", sequence: 1, text: "hello", isJson: false };
    const time = new Date(clock.now()).toISOString();
    const to = { range: { ...range, after: "" } };
    const body = writeJob({ id: channel, message: { ...message, time }, to, attempt: 0 });
    const { system } = recordedSystem(table);
    await work(system, body, { until: clock.now() + 60_000, receives: 1 });
    return (await findChannel(table, channel)).shards;
  }

  it("grows where one of its shards was halved twice, and has more", async () => {
    assert.equal(await shardsAfter({ shards: 1, shard: 0, halvings: 2 }, 4, 0), 2);
    assert.equal(await shardsAfter({ shards: 1, shard: 0, halvings: 2 }, 1, 0), 1);
    for (const halvings of [1, 3]) {
      assert.equal(await shardsAfter({ shards: 1, shard: 0, halvings }, 4, 0), 1);
    }
  });

  it("grows where all of its shards are read together, by as much more as there are", async () => {
    assert.equal(await shardsAfter({ shards: 1, halvings: 2 }, 4, 0), 2);
    assert.equal(await shardsAfter({ shards: 2, halvings: 2 }, 24, 0), 2);
    assert.equal(await shardsAfter({ shards: 2, halvings: 3 }, 24, 0), 4);
  });

  it("does not grow where most of these are subscribed to a prefix", async () => {
    assert.equal(await shardsAfter({ shards: 1, halvings: 2 }, 0, 6), 1);
  });
});
