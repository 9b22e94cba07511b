import assert from "node:assert/strict";
import { presenceMembers } from "../../../../handlers/actions/presence.ts";
import type { Member } from "../../../../handlers/protocol/presence.ts";
import { findChannel } from "../../../../handlers/store/channel.ts";
import { addConnection } from "../../../../handlers/store/connecting.ts";
import { itemsEnd } from "../../../../handlers/store/connection.ts";
import { newId } from "../../../../local/websocket/id.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { PassingClock } from "../../../support/passing-clock.ts";
import { recordedSystem } from "../../../support/recorded-system.ts";

type Answer = {
  connections: number;
  total?: number;
  members?: { member: string; connections: number; info?: unknown }[];
  cursor?: string | null;
  limited?: boolean;
};

describe("who is on a channel that nobody watches", () => {
  let channels: ChannelTable;
  before(async () => {
    channels = await openChannelTable({ clock: new PassingClock(Date.now()) });
  });
  after(() => channels.close());

  const come = async (channel: string, member?: Member) => {
    const connectedAt = channels.table.clock.now();
    const times = { connectedAt, expiresAt: itemsEnd(connectedAt) };
    const own = { connectionId: newId(), protocol: "plain", member, ...times } as const;
    await addConnection(channels.table, own, [channel]);
  };
  const read = async (name: string, limit: number, cursor?: string, maxBytes = 10_000) => {
    const { system } = recordedSystem(channels.table, undefined, { presenceLimit: 5 });
    const channel = await findChannel(channels.table, name);
    const text = await presenceMembers(system, channel, { limit, cursor, maxBytes });
    return JSON.parse(`{${text}}`) as Answer;
  };

  it("is every member once, sorted, with its connections and what it says of itself", async () => {
    for (const name of ["b", "ä", "a", "b"]) await come("news", { name, info: `"of ${name}"` });
    await come("news");
    assert.deepEqual(await read("news", 10), {
      ...{ connections: 5, total: 3, cursor: null },
      members: [
        { member: "a", connections: 1, info: "of a" },
        { member: "b", connections: 2, info: "of b" },
        { member: "ä", connections: 1, info: "of ä" },
      ],
    });
    assert.deepEqual(await read("never", 10), {
      ...{ connections: 0, total: 0, members: [], cursor: null },
    });
  });

  it("is read page by page, whatever a page is full with", async () => {
    const names = ["1", "2", "3", "4", "5"];
    for (const name of names) await come("paged", { name, info: `"${"x".repeat(100)}"` });
    for (const [limit, maxBytes] of [
      [2, 10_000],
      [10, 300],
      [10, 1],
    ] as const) {
      const listed: string[] = [];
      let cursor: string | undefined;
      let pages = 0;
      do {
        const { members = [], ...page } = await read("paged", limit, cursor, maxBytes);
        assert.ok(members.length > 0 && members.length < 5);
        listed.push(...members.map(({ member }) => member));
        cursor = page.cursor ?? undefined;
        pages += 1;
      } while (cursor !== undefined);
      assert.deepEqual(listed, names);
      assert.equal(pages, maxBytes === 1 ? 5 : 3);
    }
    await assert.rejects(read("news", 1, (await read("paged", 1)).cursor ?? ""), {
      code: "invalid-cursor",
    });
  });

  it("is a count where there are more members than are told, or ten times as many connections", async () => {
    for (const name of ["1", "2", "3", "4", "5", "6"]) await come("large", { name });
    assert.deepEqual(await read("large", 10), { connections: 6, limited: true });
    for (let count = 0; count < 51; count++) await come("crowd");
    assert.deepEqual(await read("crowd", 10), { connections: 51, limited: true });
  });
});
