import assert from "node:assert/strict";
import { findChannel, growChannel, openChannel } from "../../../../handlers/store/channel.ts";
import { addConnection, markClosed } from "../../../../handlers/store/connecting.ts";
import { findConnection } from "../../../../handlers/store/connection.ts";
import { connectionKey, subscriptionKey } from "../../../../handlers/store/keys.ts";
import { shardKeyOf } from "../../../../handlers/store/shard.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { PassingClock } from "../../../support/passing-clock.ts";

describe("a connection that connects", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  let table: ChannelTable["table"];
  before(async () => {
    channels = await openChannelTable({ clock });
    ({ table } = channels);
  });
  after(() => channels.close());

  it("may open, and has an item and a row in each of its channels", async () => {
    const expiresAt = Math.floor(clock.now() / 1000) + 7_200;
    const own = { connectionId: "alice", protocol: "plain", connectedAt: clock.now() } as const;
    const opened = await addConnection(table, { ...own, expiresAt }, ["news", "sport"]);
    assert.deepEqual(opened, [await findChannel(table, "news"), await findChannel(table, "sport")]);
    assert.deepEqual(await channels.items("alice"), [
      "channel#news#0 alice",
      "channel#sport#0 alice",
      "connection#alice connection",
    ]);
  });

  it("can be on 100 channels, and all of its items end with it", async () => {
    const names = Array.from({ length: 100 }, (_, index) => `many-${index}`);
    const { connectionId, expiresAt } = await connected(table, names);
    assert.equal((await channels.items(connectionId)).length, 101);
    for (const key of [
      connectionKey(connectionId),
      subscriptionKey("many-0#0", connectionId),
      subscriptionKey("many-99#0", connectionId),
    ]) {
      assert.equal(await channels.endOf(key), expiresAt);
    }
  });

  it("is in one of the shards that its channel has when it comes", async () => {
    for (let times = 0; times < 6; times++) {
      await growChannel(table, await openChannel(table, "wide"));
    }
    const shards = new Set<string>();
    for (const number of [0, 1, 2, 3]) {
      const connectionId = `${number}OL9cOFvHcCIhw=`;
      await connected(table, ["wide"], { connectionId });
      const shardKey = shardKeyOf({ name: "wide", shards: 64 }, connectionId);
      const row = `channel#${shardKey} ${connectionId}`;
      const expected = [row, `connection#${connectionId} connection`];
      assert.deepEqual(await channels.items(connectionId), expected);
      assert.deepEqual((await findConnection(table, connectionId))?.channels, ["wide"]);
      shards.add(shardKey);
    }
    assert.ok(shards.size > 1, "all in one shard");
  });

  it("may not open where its end has come already, and leaves nothing", async () => {
    const ended = { connectedAt: clock.now(), expiresAt: Math.floor(clock.now() / 1000) };
    const own = { connectionId: "late", protocol: "plain", ...ended } as const;
    assert.equal(await addConnection(table, own, ["news"]), undefined);
    assert.deepEqual(await channels.items("late"), []);
  });

  it("leaves nothing where only some of it can be written, and says why", async () => {
    // DynamoDB takes 2048 bytes in a partition key, and 1024 in a sort key.
    const connectionId = "half".repeat(300);
    const times = { connectedAt: clock.now(), expiresAt: Math.floor(clock.now() / 1000) + 60 };
    const writing = addConnection(table, { connectionId, protocol: "plain", ...times }, ["news"]);
    await assert.rejects(writing, { name: "ValidationException" });
    assert.deepEqual(await channels.items(connectionId), []);
  });

  it("can be marked to be closed while there is an item of it", async () => {
    const { connectionId } = await connected(table, ["news"]);
    assert.equal(await markClosed(table, connectionId), true);
    assert.equal((await findConnection(table, connectionId))?.isClosed, true);
    assert.equal(await markClosed(table, "nobody"), false);
    assert.deepEqual(await channels.items("nobody"), []);
  });
});
