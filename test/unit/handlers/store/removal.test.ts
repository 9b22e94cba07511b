import assert from "node:assert/strict";
import { batchWrite } from "../../../../handlers/store/batch-write.ts";
import { subscriptionKey } from "../../../../handlers/store/keys.ts";
import { removeConnections } from "../../../../handlers/store/removal.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { PassingClock } from "../../../support/passing-clock.ts";
import { channelItem } from "../../../support/channel-item.ts";

describe("a connection that is no more", () => {
  let channels: ChannelTable;
  let table: ChannelTable["table"];
  before(async () => {
    channels = await openChannelTable({ clock: new PassingClock(Date.now()) });
    ({ table } = channels);
  });
  after(() => channels.close());

  it("is removed with all of its subscriptions, and nothing else is", async () => {
    const [one, two, stays] = await Promise.all([
      connected(table, ["news", "sport"]),
      connected(table, ["news"]),
      connected(table, ["news"]),
    ]);
    await removeConnections(table, [one.connectionId, two.connectionId, "unknown"]);
    assert.deepEqual(await channels.items(one.connectionId), []);
    assert.deepEqual(await channels.items(two.connectionId), []);
    assert.equal((await channels.items(stays.connectionId)).length, 2);
    assert.equal((await channels.items(channelItem("news"))).length, 1);
  });

  it("is removed with items that are known to be its own, which it names no longer or twice", async () => {
    const { connectionId } = await connected(table, ["news"]);
    const [named, orphan] = ["news#0", "sport#0"].map((key) => subscriptionKey(key, connectionId));
    assert.ok(named && orphan);
    await batchWrite(table, [{ PutRequest: { Item: orphan } }]);
    await removeConnections(table, [connectionId, connectionId], [named, orphan, orphan]);
    assert.deepEqual(await channels.items(connectionId), []);
  });

  it("of none there is nothing to remove", async () => {
    const before = await channels.items();
    await removeConnections(table, []);
    assert.deepEqual(await channels.items(), before);
  });
});
