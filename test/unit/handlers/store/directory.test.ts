import assert from "node:assert/strict";
import { findChannel, growChannel, openChannel } from "../../../../handlers/store/channel.ts";
import type { Connection } from "../../../../handlers/store/connection.ts";
import { writeCursor } from "../../../../handlers/store/cursor.ts";
import { listChannels, listSubscribers, type Page } from "../../../../handlers/store/directory.ts";
import { removeConnections } from "../../../../handlers/store/removal.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { PassingClock } from "../../../support/passing-clock.ts";

/** Reads a listing page by page to its end, and returns the pages. */
async function walk<Entry>(page: (cursor?: string) => Promise<Page<Entry>>): Promise<Entry[][]> {
  const pages: Entry[][] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const { entries, cursor: next } = await page(cursor);
    pages.push(entries);
    cursor = next;
  }
  return pages;
}

const invalid = { name: "Problem", code: "invalid-cursor" };

describe("a directory", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  let table: ChannelTable["table"];
  beforeEach(async () => {
    channels = await openChannelTable({ clock });
    ({ table } = channels);
  });
  afterEach(() => channels.close());

  const connect = (count: number) =>
    Promise.all(Array.from({ length: count }, () => connected(table, ["news"])));
  const grow = async () => growChannel(table, await openChannel(table, "news"));
  const list = async (limit: number, cursor?: string) =>
    listSubscribers(table, await findChannel(table, "news"), { limit, cursor });
  const idsOf = (connections: Connection[]) =>
    connections.map(({ connectionId }) => connectionId).sort();

  it("of connections has each of them once, whatever the pages", async () => {
    const all: Connection[] = [];
    for (const count of [4, 5, 6]) {
      all.push(...(await connect(count)));
      await grow();
    }
    for (let limit = 1; limit <= 17; limit++) {
      const pages = await walk((cursor) => list(limit, cursor));
      assert.deepEqual(idsOf(pages.flat()), idsOf(all));
      for (const page of pages.slice(0, -1)) assert.equal(page.length, limit);
      assert.ok((pages.at(-1)?.length ?? 0) <= limit);
      assert.ok(pages.length <= Math.floor(15 / limit) + 1);
    }
  });

  it("of connections leaves out those whose end has come, and fills its pages all the same", async () => {
    const stay = await connect(4);
    const expiresAt = Math.floor(clock.now() / 1000) + 1;
    for (let number = 0; number < 8; number++) await connected(table, ["news"], { expiresAt });
    clock.advance(1_000);
    const pages = await walk((cursor) => list(2, cursor));
    assert.deepEqual(idsOf(pages.flat()), idsOf(stay));
    assert.deepEqual(
      pages.slice(0, 2).map(({ length }) => length),
      [2, 2],
    );
  });

  it("of connections goes on after who has left, and where its channel has grown", async () => {
    const all = await connect(8);
    const { entries: first, cursor } = await list(3);
    const [, , last] = first;
    await removeConnections(table, idsOf(last ? [last] : []));
    await grow();
    const later = await connect(4);
    const others = await walk((next) => list(3, next ?? cursor ?? undefined));
    const listed = [...first, ...others.flat()];
    assert.equal(new Set(idsOf(listed)).size, listed.length);
    for (const { connectionId } of all) assert.ok(idsOf(listed).includes(connectionId));
    const late = later.filter(({ connectionId }) => idsOf(listed).includes(connectionId));
    assert.equal(listed.length, all.length + late.length);
  });

  it("of connections is empty where there are none", async () => {
    assert.deepEqual(await list(10), { entries: [], cursor: null });
  });

  it("of connections takes no cursor but its own, of its own form", async () => {
    for (const position of ["", "0 ", "-1", "x", "0 a b", "00000", "0 ../..", "0 a#b"]) {
      await assert.rejects(list(1, writeCursor("channel#news", position)), invalid);
    }
    await assert.rejects(list(1, writeCursor("channel#other", "0")), invalid);
    await assert.rejects(list(1, "0"), invalid);
    const cursor = writeCursor("channel#news", "9999 a");
    assert.deepEqual(await list(1, cursor), { entries: [], cursor: null });
  });

  it("of channels has their names in order, page by page", async () => {
    const names = ["a", "b", "B", "a0", "news", "news:1", "0"];
    for (const name of names) await openChannel(table, name);
    await connected(table, ["news"]);
    for (const limit of [1, 2, 3, 100]) {
      const pages = await walk((cursor) => listChannels(table, { limit, cursor }));
      assert.deepEqual(pages.flat(), [...names].sort());
      assert.ok(pages.every(({ length }) => length <= limit));
    }
  });

  it("of channels takes no cursor but its own, and goes on after a channel that is no more", async () => {
    for (const name of ["a", "c"]) await openChannel(table, name);
    const page = (cursor: string) => listChannels(table, { limit: 1, cursor });
    assert.deepEqual((await page(writeCursor("channels", "b"))).entries, ["c"]);
    for (const cursor of ["", "b", writeCursor("channels", "#"), writeCursor("other", "b")]) {
      await assert.rejects(page(cursor), invalid);
    }
  });
});
