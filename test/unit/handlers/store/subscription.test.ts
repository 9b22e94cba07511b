import assert from "node:assert/strict";
import { growChannel, nextInChannel } from "../../../../handlers/store/channel.ts";
import { findConnection, type StoredConnection } from "../../../../handlers/store/connection.ts";
import { removeConnections } from "../../../../handlers/store/removal.ts";
import { shardKeyOf } from "../../../../handlers/store/shard.ts";
import { firstSubscribers } from "../../../../handlers/store/subscribers.ts";
import { subscribe, unsubscribe } from "../../../../handlers/store/subscription.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { PassingClock } from "../../../support/passing-clock.ts";

describe("a subscription", () => {
  let channels: ChannelTable;
  let table: ChannelTable["table"];
  before(async () => {
    channels = await openChannelTable({ clock: new PassingClock(Date.now()) });
    ({ table } = channels);
  });
  after(() => channels.close());

  const stored = async (connectionId: string): Promise<StoredConnection> =>
    (await findConnection(table, connectionId)) ?? assert.fail("The connection is no more.");
  const join = async (connectionId: string, name: string) =>
    subscribe(table, await stored(connectionId), name);
  /** `<channel>#<shard>` of each subscription that the connection has in the table. */
  const rows = async (connectionId: string) =>
    (await channels.items(` ${connectionId}`)).map((item) => item.slice(8, item.indexOf(" ")));

  it("is found by the next publish, with what the connection is", async () => {
    const one = await connected(table, ["other"], { protocol: "channels.v1" });
    const published = await nextInChannel(table, "news");
    const subscribed = {
      ...{ isSubscribed: true, revision: 2, shardKey: "news#0", channel: published },
    };
    assert.deepEqual(await join(one.connectionId, "news"), subscribed);
    const { subscribers } = await firstSubscribers(table, published, 10);
    assert.deepEqual(subscribers, [{ ...one, shardKey: "news#0" }]);
    assert.deepEqual((await stored(one.connectionId)).channels, ["news", "other"]);
  });

  it("twice is the same as once", async () => {
    const { connectionId } = await connected(table, ["other"]);
    const first = await join(connectionId, "twice");
    assert.deepEqual(await join(connectionId, "twice"), { ...first, revision: 3 });
    assert.deepEqual(await rows(connectionId), ["other#0", "twice#0"]);
    assert.deepEqual((await stored(connectionId)).channels, ["other", "twice"]);
  });

  it("is one, also where the channel has grown since the first", async () => {
    const connectionId = "3OL9cOFvHcCIhw=";
    assert.equal(shardKeyOf({ name: "grown", shards: 4 }, connectionId), "grown#3");
    await connected(table, ["other"], { connectionId });
    for (let times = 0; times < 3; times++) {
      await growChannel(table, (await join(connectionId, "grown")).channel);
      const [other, row, ...others] = (await rows(connectionId)).sort().reverse();
      assert.deepEqual([other, others], ["other#0", []]);
      assert.match(row ?? "", /^grown#\d$/);
      assert.deepEqual((await stored(connectionId)).channels, ["grown", "other"]);
    }
    // The first time from the shard of a small channel, then from that of a large one.
    for (let times = 0; times < 2; times++) {
      await unsubscribe(table, connectionId, "grown");
      assert.deepEqual(await rows(connectionId), ["other#0"]);
      assert.deepEqual((await stored(connectionId)).channels, ["other"]);
      await join(connectionId, "grown");
    }
  });

  it("ends in its own channel alone, whatever the other is called", async () => {
    const { connectionId } = await connected(table, ["a", "a0", "A", "a:0"]);
    await unsubscribe(table, connectionId, "a");
    assert.deepEqual(await rows(connectionId), ["A#0", "a0#0", "a:0#0"]);
    assert.deepEqual((await stored(connectionId)).channels, ["A", "a0", "a:0"]);
  });

  it("need not be there to end, and its channel need not either", async () => {
    const { connectionId } = await connected(table, ["other"]);
    const before = await stored(connectionId);
    const unsubscribed = await unsubscribe(table, connectionId, "never");
    assert.deepEqual(unsubscribed, { revision: 2, before });
    assert.deepEqual(await channels.items("never"), []);
    assert.deepEqual(await rows(connectionId), ["other#0"]);
  });

  it("can be the only one to end, and begin again", async () => {
    const { connectionId } = await connected(table, ["other"]);
    await unsubscribe(table, connectionId, "other");
    assert.deepEqual((await stored(connectionId)).channels, []);
    await join(connectionId, "other");
    assert.deepEqual(await rows(connectionId), ["other#0"]);
  });

  it("is refused in more than 100 channels, and leaves no trace", async () => {
    const names = Array.from({ length: 100 }, (_, index) => `of-100-${index}`);
    const { connectionId } = await connected(table, names);
    const tooMany = { code: "too-many-channels" };
    await assert.rejects(join(connectionId, "one-more"), tooMany);
    assert.deepEqual(await channels.items("one-more"), []);
    await join(connectionId, "of-100-7");

    // As it was when this one was asked, there was room.
    const before = { ...(await stored(connectionId)), channels: names.slice(1) };
    await assert.rejects(subscribe(table, before, "one-more"), tooMany);
    assert.equal((await rows(connectionId)).length, 100);
    await unsubscribe(table, connectionId, "of-100-7");
    await join(connectionId, "one-more");
    assert.ok((await rows(connectionId)).includes("one-more#0"));
  });

  it("is refused where the connection is no more, and is not left behind", async () => {
    const { connectionId } = await connected(table, ["other"]);
    const left = await stored(connectionId);
    await removeConnections(table, [connectionId]);
    const unknown = { name: "Problem", code: "unknown-connection" };
    await assert.rejects(subscribe(table, left, "late"), unknown);
    await assert.rejects(unsubscribe(table, connectionId, "other"), unknown);
    assert.deepEqual(await channels.items(connectionId), []);
  });
});
