import assert from "node:assert/strict";
import { excerptMembers, lastId, type Range } from "../../../../handlers/actions/excerpt.ts";
import { messageMembers } from "../../../../handlers/protocol/message.ts";
import { findChannel, type Channel } from "../../../../handlers/store/channel.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { kept } from "../../../support/kept.ts";
import { PassingClock } from "../../../support/passing-clock.ts";

/** What the members of an excerpt say. */
type Excerpt = {
  channel: string;
  messages: { id: string; data: unknown }[];
  more: boolean;
  last: string | null;
};

describe("an excerpt of what a channel keeps", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  let table: ChannelTable["table"];
  before(async () => {
    channels = await openChannelTable({ clock });
    ({ table } = channels);
  });
  after(() => channels.close());

  const read = async (channel: Channel, range: Partial<Range> = {}): Promise<Excerpt> => {
    const whole = { since: undefined, limit: 100, maxBytes: 10_000, ...range };
    return JSON.parse(`{${await excerptMembers(table, channel, whole)}}`) as Excerpt;
  };
  const dataOf = ({ messages }: Excerpt) => messages.map(({ data }) => data);
  const invalid = { name: "Problem", code: "invalid-since" };

  it("has all of it as it was written, oldest first, and the id of the latest", async () => {
    const { channel, id, messages } = await kept(table, "all", ["one", '"two"', "three"]);
    const listed = messages.map((message) => `{${messageMembers(message)}}`).join(",");
    assert.equal(
      await excerptMembers(table, channel, { since: undefined, limit: 3, maxBytes: 10_000 }),
      `"channel":"all","messages":[${listed}],"more":false,"last":"${id(3)}"`,
    );
  });

  it("is empty where there is nothing, and the channel has no latest then", async () => {
    const channel = await findChannel(table, "empty");
    const nothing = { channel: "empty", messages: [], more: false, last: null };
    assert.deepEqual(await read(channel), nothing);
    assert.equal(lastId(channel), null);
  });

  it("goes over what is no longer kept, a minute later, and the latest may be such a one", async () => {
    const { channel, id } = await kept(table, "holes", [undefined, "two", undefined, "four"]);
    const young = await read(channel);
    assert.deepEqual([dataOf(young), young.more], [[], true]);
    clock.advance(60_000);
    const old = await read(channel);
    assert.deepEqual([dataOf(old), old.more, old.last], [["two", "four"], false, id(4)]);
    const last = await kept(table, "holes", [undefined]);
    assert.deepEqual(await read(last.channel), { ...old, last: id(5) });
  });

  it("begins after an id of the channel, and takes no other for one", async () => {
    const { channel, id } = await kept(table, "since", ["one", "two", "three"]);
    const after = async (since: string) => dataOf(await read(channel, { since }));
    assert.deepEqual(await after(id(0)), ["one", "two", "three"]);
    assert.deepEqual(await after(id(2)), ["three"]);
    assert.deepEqual(await after(id(3)), []);
    for (const since of [id(4), "abcdef-1", "1", "", "yesterday"]) {
      await assert.rejects(after(since), invalid);
    }
    const unborn = await findChannel(table, "unborn");
    await assert.rejects(read(unborn, { since: "-0" }), invalid);
  });

  it("goes on from its last message to the end, whatever the limit", async () => {
    const texts = ["1", "2", "3", "4", "5", "6"];
    const { channel } = await kept(table, "limits", texts);
    for (const limit of [1, 2, 3, 4, 5, 6, 7]) {
      const found = [];
      for (let since: string | undefined, more = true; more;) {
        const page = await read(channel, { since, limit });
        assert.ok(page.messages.length <= limit);
        found.push(...dataOf(page));
        ({ more } = page);
        since = page.messages.at(-1)?.id;
      }
      assert.deepEqual(found, texts);
    }
  });

  it("takes no more bytes than it may, and as many messages as fit", async () => {
    const texts = ["grüße", "two", '"', "x".repeat(80), "\u{1f44b}".repeat(5)];
    const { channel, messages } = await kept(table, "bytes", texts);
    const entries = messages.map((message) => `{${messageMembers(message)}}`);
    for (let count = 1; count <= entries.length; count++) {
      const bytes = Buffer.byteLength(entries.slice(0, count).join(","));
      const page = await read(channel, { maxBytes: bytes + 1 });
      assert.deepEqual([page.messages.length, page.more], [count, count < entries.length]);
      if (count === 1) continue;
      const less = await read(channel, { maxBytes: bytes - 1 });
      assert.deepEqual([less.messages.length, less.more], [count - 1, true]);
    }
  });

  it("is refused where not even one message fits", async () => {
    const { channel, id } = await kept(table, "tight", ["x".repeat(200), "two"]);
    const tooLarge = { name: "Problem", code: "too-large" };
    await assert.rejects(read(channel, { maxBytes: 200 }), tooLarge);
    assert.deepEqual(dataOf(await read(channel, { maxBytes: 200, since: id(1) })), ["two"]);
  });
});
