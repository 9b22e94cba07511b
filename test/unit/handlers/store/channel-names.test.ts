import assert from "node:assert/strict";
import { endReplay, nameChannel, unnameChannel } from "../../../../handlers/store/channel-names.ts";
import { batchWrite } from "../../../../handlers/store/batch-write.ts";
import {
  connectionAttributes,
  findConnection,
  type StoredConnection,
} from "../../../../handlers/store/connection.ts";
import { connectionKey } from "../../../../handlers/store/keys.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { PassingClock } from "../../../support/passing-clock.ts";

const unknown = { name: "Problem", code: "unknown-connection" };

describe("the channels that a connection names", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  let table: ChannelTable["table"];
  before(async () => {
    channels = await openChannelTable({ clock });
    ({ table } = channels);
  });
  after(() => channels.close());

  const stored = async (connectionId: string): Promise<StoredConnection> =>
    (await findConnection(table, connectionId)) ?? assert.fail("The connection is no more.");
  const connect = async (names: string[], connectionId?: string) => {
    const changes = connectionId === undefined ? {} : { connectionId };
    return stored((await connected(table, names, changes)).connectionId);
  };

  it("take a revision with each change", async () => {
    const one = await connect(["other"]);
    const { connectionId } = one;
    const named = await nameChannel(table, one, { name: "news", shards: 1 });
    assert.deepEqual(named, { shardKey: "news#0", revision: 2 });
    for (const times of [1, 2]) {
      const before = await stored(connectionId);
      assert.equal(before.revision, 1 + times);
      assert.deepEqual(await unnameChannel(table, connectionId, "news"), before);
    }
    const { channels: left, revision } = await stored(connectionId);
    assert.deepEqual([left, revision], [["other"], 4]);
  });

  it("keep the shard in which they were first named, also where that is not known here", async () => {
    const connectionId = "3OL9cOFvHcCIhw=";
    const old = await connect(["other"], connectionId);
    const grown = { name: "grown", shards: 8 };
    const first = await nameChannel(table, old, { ...grown, shards: 2 });
    assert.equal(first.shardKey, "grown#1");
    for (const connection of [await stored(connectionId), old]) {
      assert.equal((await nameChannel(table, connection, grown)).shardKey, "grown#1");
    }
    assert.deepEqual((await stored(connectionId)).channels, ["grown", "other"]);

    await unnameChannel(table, connectionId, "grown");
    const again = await nameChannel(table, await stored(connectionId), grown);
    assert.equal(again.shardKey, "grown#7");
    await unnameChannel(table, connectionId, "grown");
    assert.deepEqual((await stored(connectionId)).shardKeys, ["other#0"]);
  });

  it("are up to 100, of which each can be named again", async () => {
    const one = await connect(["other"]);
    const names = Array.from({ length: 99 }, (_, index) => `of-100-${index}#0`);
    const Item = {
      ...{ ...connectionKey(one.connectionId), ...connectionAttributes(one, 1) },
      channels: { SS: names },
    };
    await batchWrite(table, [{ PutRequest: { Item } }]);
    const name = (channel: string) => nameChannel(table, one, { name: channel, shards: 1 });
    await name("the hundredth");
    const tooMany = { name: "Problem", code: "too-many-channels" };
    await assert.rejects(name("one more"), tooMany);
    await name("of-100-7");
    await name("the hundredth");
    assert.equal((await stored(one.connectionId)).channels.length, 100);
  });

  it("are none of a connection that is no more", async () => {
    const gone = { ...(await connect(["other"])), connectionId: "unknown" };
    await assert.rejects(nameChannel(table, gone, { name: "news", shards: 1 }), unknown);
    await assert.rejects(unnameChannel(table, "unknown", "news"), unknown);
    assert.deepEqual(await channels.items("unknown"), []);
  });

  it("can be all removed, and named again", async () => {
    const one = await connect(["other"]);
    await unnameChannel(table, one.connectionId, "other");
    const none = await stored(one.connectionId);
    assert.deepEqual(none.channels, []);
    await nameChannel(table, none, { name: "news", shards: 1 });
    assert.deepEqual((await stored(one.connectionId)).channels, ["news"]);
  });

  it("claim the connection for one replay at a time, until it ends or its time is over", async () => {
    const one = await connect(["other"]);
    const { connectionId } = one;
    const claim = (until: number) => nameChannel(table, one, { name: "news", shards: 1 }, until);
    const inProgress = { name: "Problem", code: "replay-in-progress" };
    const first = clock.now() + 1_000;
    await claim(first);
    await assert.rejects(claim(first + 1), inProgress);
    await nameChannel(table, one, { name: "sport", shards: 1 });
    await endReplay(table, connectionId, first + 1);
    await assert.rejects(claim(first + 1), inProgress);
    await endReplay(table, connectionId, first);
    await claim(first + 1);
    clock.advance(1_001);
    await claim(clock.now() + 1_000);
  });
});
