import assert from "node:assert/strict";
import {
  findChannel,
  growChannel,
  openChannel,
  type Channel,
} from "../../../../handlers/store/channel.ts";
import { shardKeyOf } from "../../../../handlers/store/shard.ts";
import { subscribersOf, type Subscriber } from "../../../../handlers/store/subscribers.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { PassingClock } from "../../../support/passing-clock.ts";

describe("the subscribers of a channel", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  let table: ChannelTable["table"];
  before(async () => {
    channels = await openChannelTable({ clock, probe: { pageItems: 3 } });
    ({ table } = channels);
  });
  after(() => channels.close());

  const readFrom = async (channel: Channel) => {
    const found: Subscriber[] = [];
    for await (const subscriber of subscribersOf(table, channel)) found.push(subscriber);
    return found;
  };
  const read = async (name: string) => readFrom(await findChannel(table, name));
  const idsOf = (subscribers: { connectionId: string }[]) =>
    subscribers.map(({ connectionId }) => connectionId).sort();
  const shardsOf = async (name: string) => (await findChannel(table, name)).shards;
  /** Connects them one after the other. */
  const connect = async (name: string, count: number) => {
    const made = [];
    while (made.length < count) made.push(await connected(table, [name]));
    return made;
  };

  it("are none where nobody has come", async () => {
    assert.deepEqual(await read("empty"), []);
    await openChannel(table, "left");
    assert.deepEqual(await read("left"), []);
  });

  it("are read with what a post and a removal need", async () => {
    const one = await connected(table, ["news", "other"], { protocol: "channels.v1" });
    await connected(table, ["new", "news0", "NEWS"]);
    assert.deepEqual(await read("news"), [{ ...one, shardKey: "news#0" }]);
  });

  it("are without those whose end has come", async () => {
    const expiresAt = Math.floor(clock.now() / 1000) + 1;
    await connected(table, ["ended"], { expiresAt });
    const stays = await connected(table, ["ended"], { expiresAt: expiresAt + 1 });
    clock.advance(1_000);
    assert.deepEqual(idsOf(await read("ended")), [stays.connectionId]);
  });

  it("are read to the last page, and then spread over twice as many shards", async () => {
    const early = await connect("large", 8);
    assert.deepEqual(idsOf(await read("large")), idsOf(early));
    assert.equal(await shardsOf("large"), 2);

    const later = await connect("large", 8);
    const all = await read("large");
    assert.deepEqual(idsOf(all), idsOf([...early, ...later]));
    for (const { connectionId } of later) {
      const { shardKey } = all.find((one) => one.connectionId === connectionId) ?? assert.fail();
      assert.equal(shardKey, shardKeyOf({ name: "large", shards: 2 }, connectionId));
    }
  });

  it("are not spread where each shard fits in one page", async () => {
    const two = await connect("small", 2);
    assert.equal((await read("small")).length, 2);
    assert.equal(await shardsOf("small"), 1);
    await growChannel(table, await findChannel(table, "small"));
    assert.deepEqual(idsOf(await read("small")), idsOf(two));
    assert.equal(await shardsOf("small"), 2);
  });

  it("are spread once by all who read them at the same time", async () => {
    const all = await connect("busy", 5);
    const channel = await findChannel(table, "busy");
    for (const found of await Promise.all([1, 2, 3].map(() => readFrom(channel)))) {
      assert.deepEqual(idsOf(found), idsOf(all));
    }
    assert.equal(await shardsOf("busy"), 2);
  });
});
