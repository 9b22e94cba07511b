import assert from "node:assert/strict";
import { batchWrite } from "../../../../handlers/store/batch-write.ts";
import { connectionAttributes } from "../../../../handlers/store/connection.ts";
import { subscriptionKey } from "../../../../handlers/store/keys.ts";
import { deleteSubscription } from "../../../../handlers/store/subscription-row.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { PassingClock } from "../../../support/passing-clock.ts";

describe("the row of a subscription", () => {
  let channels: ChannelTable;
  before(async () => {
    channels = await openChannelTable({ clock: new PassingClock(Date.now()) });
  });
  after(() => channels.close());

  it("is deleted by a later change of its connection only", async () => {
    const ends = { connectedAt: 1_795_000_000_000, expiresAt: 1_795_007_800 };
    const alice = { connectionId: "alice", protocol: "plain", ...ends } as const;
    const Item = { ...subscriptionKey("news#0", "alice"), ...connectionAttributes(alice, 10) };
    await batchWrite(channels.table, [{ PutRequest: { Item } }]);
    for (const below of [2, 9, 10]) {
      await deleteSubscription(channels.table, "news#0", "alice", below);
      assert.deepEqual(await channels.items("alice"), ["channel#news#0 alice"]);
    }
    await deleteSubscription(channels.table, "news#1", "alice", 11);
    await deleteSubscription(channels.table, "news#0", "bob", 11);
    assert.deepEqual(await channels.items("alice"), ["channel#news#0 alice"]);
    await deleteSubscription(channels.table, "news#0", "alice", 11);
    assert.deepEqual(await channels.items("alice"), []);
  });

  it("need not be there", async () => {
    await deleteSubscription(channels.table, "news#0", "nobody", 1);
    assert.deepEqual(await channels.items("nobody"), []);
  });
});
