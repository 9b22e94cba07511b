import assert from "node:assert/strict";
import { PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { epochSeconds } from "../../../../handlers/aws/clock.ts";
import { channelName, connectionIdForm } from "../../../../handlers/protocol/limits.ts";
import {
  channelKey,
  connectionKey,
  liveItems,
  subscriptionKey,
} from "../../../../handlers/store/keys.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { PassingClock } from "../../../support/passing-clock.ts";

describe("the keys of items", () => {
  it("are those of one item only, whatever its names", () => {
    const names = fc.oneof(
      fc.constantFrom("a", "a0", "a:0", "channel", "connection", "0"),
      fc.stringMatching(channelName),
    );
    const ids = fc.oneof(
      fc.constantFrom("channel", "connection", "a", "0"),
      fc.stringMatching(connectionIdForm),
    );
    const items = fc.oneof(
      names.map((name) => ({ item: ["channel", name], key: channelKey(name) })),
      ids.map((id) => ({ item: ["connection", id], key: connectionKey(id) })),
      fc.tuple(names, fc.nat(63), ids).map(([name, shard, id]) => {
        const key = subscriptionKey(`${name}#${shard}`, id);
        return { item: ["subscription", name, shard, id], key };
      }),
    );
    fc.assert(
      fc.property(items, items, (one, other) => {
        const isSame = JSON.stringify(one.item) === JSON.stringify(other.item);
        assert.equal(JSON.stringify(one.key) === JSON.stringify(other.key), isSame);
      }),
      { numRuns: 500 },
    );
  });
});

describe("the live items of a partition", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  before(async () => {
    channels = await openChannelTable({ clock });
  });
  after(() => channels.close());

  it("are those whose end has not come, to the second", async () => {
    const { table } = channels;
    const { pk } = subscriptionKey("news#0", "");
    const now = epochSeconds(clock);
    for (const end of [now - 1, now, now + 1, now + 2]) {
      const Item = { pk, sk: { S: `ends at ${end - now}` }, expiresAt: { N: String(end) } };
      await table.client.send(new PutItemCommand({ TableName: table.name, Item }));
    }
    const live = async () => {
      const { Items = [] } = await table.client.send(new QueryCommand(liveItems(table, pk)));
      return Items.map(({ sk }) => sk?.S);
    };
    assert.deepEqual(await live(), ["ends at 1", "ends at 2"]);
    clock.advance(1_000);
    assert.deepEqual(await live(), ["ends at 2"]);
  });

  it("are read as they are at this moment", () => {
    assert.equal(liveItems(channels.table, { S: "channel#news#0" }).ConsistentRead, true);
  });
});
