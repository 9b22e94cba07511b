import assert from "node:assert/strict";
import { excerpt, lastId } from "../../../../handlers/actions/excerpt.ts";
import { toListed } from "../../../../handlers/protocol/message.ts";
import { findChannel } from "../../../../handlers/store/channel.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { kept } from "../../../support/kept.ts";
import { PassingClock } from "../../../support/passing-clock.ts";

const everything = { since: undefined, limit: 100, bytes: 10_000 };

describe("an excerpt of what a channel keeps", () => {
  let channels: ChannelTable;
  let table: ChannelTable["table"];
  before(async () => {
    channels = await openChannelTable({ clock: new PassingClock(Date.now()) });
    ({ table } = channels);
  });
  after(() => channels.close());

  it("has all of it, oldest first, and the id of the latest", async () => {
    const { channel, id, messages } = await kept(table, "all", ["one", "two", "three"]);
    assert.deepEqual(await excerpt(table, channel, everything), {
      channel: "all",
      messages: messages.map(toListed),
      more: false,
      last: id(3),
    });
  });

  it("is empty where there is nothing, and the channel has no latest then", async () => {
    const channel = await findChannel(table, "empty");
    const nothing = { channel: "empty", messages: [], more: false, last: null };
    assert.deepEqual(await excerpt(table, channel, everything), nothing);
    assert.equal(lastId(channel), null);
  });

  it("goes over what is no longer kept, of which the latest may be one", async () => {
    const { channel, id } = await kept(table, "holes", ["one", undefined, "three", undefined]);
    const { messages, last } = await excerpt(table, channel, everything);
    assert.deepEqual(
      messages.map((message) => message.id),
      [id(1), id(3)],
    );
    assert.equal(last, id(4));
  });

  it("begins after an id of the channel, and takes no other for one", async () => {
    const { channel, id } = await kept(table, "since", ["one", "two", "three"]);
    const after = async (since: string) => {
      const { messages, more } = await excerpt(table, channel, { ...everything, since });
      return [messages.map(({ data }) => data), more];
    };
    assert.deepEqual(await after(id(0)), [["one", "two", "three"], false]);
    assert.deepEqual(await after(id(2)), [["three"], false]);
    assert.deepEqual(await after(id(3)), [[], false]);
    for (const since of [id(4), "abcdef-1", "1", "", "yesterday"]) {
      await assert.rejects(after(since), { name: "Problem", code: "invalid-since" });
    }
    const unborn = await findChannel(table, "unborn");
    const since = { ...everything, since: "-0" };
    await assert.rejects(excerpt(table, unborn, since), { code: "invalid-since" });
  });

  it("goes on from its last message to the end, whatever the limit", async () => {
    const { channel, messages } = await kept(table, "limits", ["1", "2", "3", "4", "5", "6"]);
    for (const limit of [1, 2, 3, 4, 5, 6, 7]) {
      const read = [];
      for (let since: string | undefined, more = true; more;) {
        const page = await excerpt(table, channel, { ...everything, since, limit });
        assert.ok(page.messages.length <= limit);
        read.push(...page.messages);
        ({ more } = page);
        since = page.messages.at(-1)?.id;
      }
      assert.deepEqual(read, messages.map(toListed));
    }
  });

  it("takes no more bytes than it may, and as many messages as fit", async () => {
    const texts = ["grüße", "two", '"', "x".repeat(80), "\u{1f44b}".repeat(5)];
    const { channel, messages } = await kept(table, "bytes", texts);
    const entries = messages.map(toListed);
    for (let count = 1; count <= entries.length; count++) {
      // The brackets are no part of what is in them.
      const size = Buffer.byteLength(JSON.stringify(entries.slice(0, count)).slice(1, -1));
      const page = await excerpt(table, channel, { ...everything, bytes: size + 1 });
      assert.deepEqual([page.messages.length, page.more], [count, count < entries.length]);
      if (count === 1) continue;
      const less = await excerpt(table, channel, { ...everything, bytes: size - 1 });
      assert.deepEqual([less.messages.length, less.more], [count - 1, true]);
    }
  });

  it("is refused where not even one message fits, and says where it does", async () => {
    const { channel, id } = await kept(table, "tight", ["x".repeat(200), "two"]);
    const tight = { ...everything, bytes: 200 };
    await assert.rejects(excerpt(table, channel, tight), { name: "Problem", code: "too-large" });
    const { messages } = await excerpt(table, channel, { ...tight, since: id(1) });
    assert.equal(messages.length, 1);
  });
});
