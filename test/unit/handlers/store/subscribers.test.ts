import assert from "node:assert/strict";
import { findChannel, growChannel, openChannel } from "../../../../handlers/store/channel.ts";
import { removeConnections } from "../../../../handlers/store/removal.ts";
import type { Range } from "../../../../handlers/store/range.ts";
import type { Subscriber } from "../../../../handlers/store/subscriber.ts";
import { firstSubscribers, halve, readRange } from "../../../../handlers/store/subscribers.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { PassingClock } from "../../../support/passing-clock.ts";

describe("the subscribers of a channel", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  let table: ChannelTable["table"];
  let queries: number;
  before(async () => {
    channels = await openChannelTable({
      clock,
      probe: { pageItems: 30 },
      fault: ({ operation }) => void (queries += operation === "Query" ? 1 : 0),
    });
    ({ table } = channels);
  });
  after(() => channels.close());
  beforeEach(() => {
    queries = 0;
  });

  const first = async (name: string, max: number) =>
    firstSubscribers(table, await findChannel(table, name), max);
  const idsOf = (subscribers: { connectionId: string }[]) =>
    subscribers.map(({ connectionId }) => connectionId).sort();
  const connect = async (name: string, count: number) => {
    const made = [];
    while (made.length < count) made.push(await connected(table, [name]));
    return made;
  };
  const grow = async (name: string, times: number) => {
    for (let time = 0; time < times; time++) {
      await growChannel(table, await openChannel(table, name));
    }
  };
  /** Reads ranges to their end, as the jobs of the queue do. */
  const readAll = async (name: string, ranges: Range[], max: number) => {
    const found: Subscriber[] = [];
    const left = [...ranges];
    for (const range of left) {
      const { subscribers, rest } = await readRange(table, name, range, max);
      assert.ok(subscribers.length <= max);
      found.push(...subscribers);
      for (const one of rest) left.push(...(await halve(table, name, one)));
    }
    return found;
  };

  it("are none where nobody has come", async () => {
    assert.deepEqual(await first("empty", 10), { subscribers: [], rest: [] });
    await openChannel(table, "left");
    assert.deepEqual(await first("left", 10), { subscribers: [], rest: [] });
  });

  it("are read with what a post and a removal need", async () => {
    const one = await connected(table, ["news", "other"], { protocol: "channels.v1" });
    await connected(table, ["new", "news0", "NEWS"]);
    const subscribers = [{ ...one, shardKey: "news#0" }];
    assert.deepEqual(await first("news", 10), { subscribers, rest: [] });
  });

  it("are without those whose end has come", async () => {
    const expiresAt = Math.floor(clock.now() / 1000) + 1;
    await connected(table, ["ended"], { expiresAt });
    const stays = await connected(table, ["ended"], { expiresAt: expiresAt + 1 });
    clock.advance(1_000);
    const { subscribers, rest } = await first("ended", 2);
    assert.deepEqual([idsOf(subscribers), rest], [[stays.connectionId], []]);
  });

  it("are all of them in one read where they are no more than may be", async () => {
    const all = await connect("fits", 5);
    const { subscribers, rest } = await first("fits", 5);
    assert.deepEqual([idsOf(subscribers), rest, queries], [idsOf(all), [], 1]);
  });

  it("leave a range where they are more, and are found in that, each once", async () => {
    const all = await connect("more", 40);
    const { subscribers, rest } = await first("more", 4);
    assert.deepEqual(idsOf(subscribers), idsOf(all).slice(0, 4));
    const after = idsOf(all)[3];
    assert.deepEqual(rest, [{ shards: 1, shard: 0, after, halvings: 0 }]);
    assert.equal(queries, 1);
    const others = await readAll("more", rest, 7);
    assert.deepEqual(idsOf([...subscribers, ...others]), idsOf(all));
  });

  it("are read in pages of a Query where one does not hold as many as may be", async () => {
    const all = await connect("pages", 35);
    const { subscribers, rest } = await first("pages", 100);
    assert.deepEqual([idsOf(subscribers), rest, queries], [idsOf(all), [], 2]);
  });

  it("are read from the first shard alone where that has as many as may be", async () => {
    const early = await connect("wide", 5);
    await grow("wide", 3);
    const all = [...early, ...(await connect("wide", 40))];
    const { subscribers, rest } = await first("wide", 4);
    assert.deepEqual([...new Set(subscribers.map(({ shardKey }) => shardKey))], ["wide#0"]);
    assert.deepEqual([subscribers.length, queries], [4, 1]);
    const after = idsOf(subscribers)[3];
    const begun = (shard: number) => ({
      ...{ shards: 8, shard, halvings: 0 },
      after: shard === 0 ? after : "",
    });
    assert.deepEqual(rest, [0, 1, 2, 3, 4, 5, 6, 7].map(begun));
    const others = await readAll("wide", rest, 3);
    assert.deepEqual(idsOf([...subscribers, ...others]), idsOf(all));
  });

  it("are read from the other shards at once, as many of each, where the first has fewer", async () => {
    const early = await connect("narrow", 3);
    await grow("narrow", 3);
    const shardsOf = (some: Subscriber[]) => new Set(some.map(({ shardKey }) => shardKey));
    const all = [...early, ...(await connect("narrow", 120))];
    const inFirst = (await first("narrow", 1_000)).subscribers.filter(
      ({ shardKey }) => shardKey === "narrow#0",
    );
    queries = 0;
    const max = inFirst.length + 7;
    const { subscribers, rest } = await first("narrow", max);
    assert.deepEqual([subscribers.length, shardsOf(subscribers).size, queries], [max, 8, 8]);
    const others = await readAll("narrow", rest, 3);
    assert.deepEqual(idsOf([...subscribers, ...others]), idsOf(all));
  });

  it("leave no range where they fit, however unevenly they are spread", async () => {
    const early = await connect("uneven", 9);
    await grow("uneven", 2);
    const later = await connect("uneven", 3);
    const { subscribers, rest } = await first("uneven", 12);
    assert.deepEqual([idsOf(subscribers), rest], [idsOf([...early, ...later]), []]);
  });

  it("leave no range of a shard that is empty, where the first shard has as many as may be", async () => {
    const all = await connect("shrunk", 5);
    await grow("shrunk", 3);
    const { subscribers, rest } = await first("shrunk", 5);
    assert.deepEqual([idsOf(subscribers), rest], [idsOf(all), []]);
  });

  it("are no longer sought in a range that has become empty", async () => {
    const all = await connect("leaves", 3);
    const { rest } = await first("leaves", 1);
    await removeConnections(table, idsOf(all).slice(1));
    assert.deepEqual(await Promise.all(rest.map((range) => halve(table, "leaves", range))), [[]]);
    assert.deepEqual(await readAll("leaves", rest, 1), []);
  });

  it("are not sought beyond a range's end", async () => {
    const ids = idsOf(await connect("bounded", 6));
    const range = { shards: 1, shard: 0, after: ids[1] ?? "", upTo: ids[3], halvings: 0 };
    assert.deepEqual(idsOf((await readRange(table, "bounded", range, 10)).subscribers), [
      ...ids.slice(2, 4),
    ]);
  });
});
