import assert from "node:assert/strict";
import { batchWrite } from "../../../../handlers/store/batch-write.ts";
import { growChannel, openChannel } from "../../../../handlers/store/channel.ts";
import {
  findConnection,
  itemsEnd,
  removeConnections,
  toConnection,
} from "../../../../handlers/store/connection.ts";
import { connectionKey, subscriptionKey } from "../../../../handlers/store/keys.ts";
import { shardKeyOf } from "../../../../handlers/store/shard.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { PassingClock } from "../../../support/passing-clock.ts";

describe("a connection", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  let table: ChannelTable["table"];
  before(async () => {
    channels = await openChannelTable({ clock });
    ({ table } = channels);
  });
  after(() => channels.close());

  it("is found as it came, with its channels by name", async () => {
    const names = ["news", "a:1", "Z.z"];
    const one = await connected(table, names, { protocol: "channels.v1" });
    const { connectionId } = one;
    const found = await findConnection(table, connectionId);
    assert.deepEqual(found, { ...one, channels: ["Z.z", "a:1", "news"] });
    const rows = names.map((name) => `channel#${name}#0 ${connectionId}`);
    const expected = [...rows, `connection#${connectionId} connection`].sort();
    assert.deepEqual(await channels.items(connectionId), expected);
  });

  it("is on 100 channels at once, each subscription with its own end", async () => {
    const names = Array.from({ length: 100 }, (_, index) => `many-${index}`);
    const { connectionId, expiresAt } = await connected(table, names, { protocol: "plain" });
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
      const expected = [
        `channel#${shardKey} ${connectionId}`,
        `connection#${connectionId} connection`,
      ];
      assert.deepEqual(await channels.items(connectionId), expected);
      assert.deepEqual((await findConnection(table, connectionId))?.channels, ["wide"]);
      shards.add(shardKey);
    }
    assert.ok(shards.size > 1, "all in one shard");
  });

  it("is no more where it was never there, or its end has come, to the second", async () => {
    assert.equal(await findConnection(table, "unknown"), undefined);
    const expiresAt = Math.floor(clock.now() / 1000) + 2;
    const { connectionId } = await connected(table, ["news"], { expiresAt });
    clock.advance(1_000);
    assert.equal((await findConnection(table, connectionId))?.connectionId, connectionId);
    clock.advance(1_000);
    assert.equal(await findConnection(table, connectionId), undefined);
  });

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
    assert.equal((await channels.items("channel#news channel")).length, 1);
  });

  it("is removed with items that are known to be its own, which it names no longer or twice", async () => {
    const { connectionId } = await connected(table, ["news"]);
    const [named, orphan] = ["news#0", "sport#0"].map((key) => subscriptionKey(key, connectionId));
    assert.ok(named && orphan);
    await batchWrite(table, [{ PutRequest: { Item: orphan } }]);
    await removeConnections(table, [connectionId, connectionId], [named, orphan, orphan]);
    assert.deepEqual(await channels.items(connectionId), []);
  });
});

describe("the items of a connection", () => {
  const connectedAt = 1_795_000_000_999;

  it("end 10 minutes after the two hours that API Gateway gives it, or with its token", () => {
    assert.equal(itemsEnd(connectedAt), 1_795_007_800);
    assert.equal(itemsEnd(connectedAt, 1_795_007_801), 1_795_007_800);
    assert.equal(itemsEnd(connectedAt, 1_795_000_060), 1_795_000_060);
    assert.equal(itemsEnd(connectedAt, 0), 0);
  });

  it("say plain where they say no protocol that there is", () => {
    const item = { connectedAt: { N: "1" }, expiresAt: { N: "2" } };
    for (const protocol of [undefined, { S: "plain" }, { S: "channels.v9" }]) {
      assert.deepEqual(toConnection("a", { ...item, ...(protocol && { protocol }) }), {
        ...{ connectionId: "a", protocol: "plain", connectedAt: 1, expiresAt: 2 },
      });
    }
  });
});
