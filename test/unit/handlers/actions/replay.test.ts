import assert from "node:assert/strict";
import { replay } from "../../../../handlers/actions/replay.ts";
import type { System } from "../../../../handlers/aws/system.ts";
import { messageFrames } from "../../../../handlers/protocol/frames.ts";
import { findChannel, type Channel } from "../../../../handlers/store/channel.ts";
import type { Connection } from "../../../../handlers/store/connection.ts";
import { keep } from "../../../../handlers/store/history.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { kept } from "../../../support/kept.ts";
import { PassingClock } from "../../../support/passing-clock.ts";
import { recordedSystem, type StatusOf } from "../../../support/recorded-system.ts";

describe("a replay", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  let table: ChannelTable["table"];
  before(async () => {
    channels = await openChannelTable({ clock });
    ({ table } = channels);
  });
  after(() => channels.close());

  const plain = (channel: string, sequence: number) => {
    const time = new Date(clock.now()).toISOString();
    return { channel, sequence, text: `text ${sequence}`, isJson: false, time };
  };
  type Options = { statusOf?: StatusOf; to?: Connection; milliseconds?: number } & Partial<System>;
  /** Gives what it returns, and the frames that were posted. */
  async function run(
    channel: Channel,
    since: string | null,
    { statusOf, to, milliseconds = 27_000, ...changes }: Options = {},
  ): Promise<[boolean, ...string[]]> {
    const connection = to ?? (await connected(table, ["elsewhere"]));
    const { system, asked } = recordedSystem(table, statusOf, changes);
    const until = clock.now() + milliseconds;
    const isWhole = await replay(system, connection, [{ channel, since }], until);
    return [isWhole, ...asked.map((post) => post.replace(`POST ${connection.connectionId} `, ""))];
  }

  it("posts all that was missed, in order, and says that it was all", async () => {
    const { channel, id } = await kept(table, "news", ["one", "two", "three"]);
    assert.deepEqual(await run(channel, id(1)), [true, "two", "three"]);
    assert.deepEqual(await run(channel, id(3)), [true]);
    assert.deepEqual(await run(channel, id(0)), [true, "one", "two", "three"]);
    assert.deepEqual(await run(channel, null), [true, "one", "two", "three"]);
  });

  it("posts to a channels.v1 client what a publish does", async () => {
    const { channel, messages } = await kept(table, "frames", ["one", "two"]);
    const frames = messages.map((message) => messageFrames(message)["channels.v1"]);
    const to = await connected(table, ["frames"], { protocol: "channels.v1" });
    assert.deepEqual(await run(channel, null, { to }), [true, ...frames]);
  });

  it("leaves out the connection that its publish has left out, and is whole without", async () => {
    const to = await connected(table, ["elsewhere"]);
    const { connectionId } = to;
    const { channel } = await kept(table, "left-out", ["one", "two"]);
    await keep(table, { ...channel, ...plain("left-out", 3), exclude: connectionId }, 300);
    await keep(table, { ...channel, ...plain("left-out", 4), from: connectionId }, 300);
    const later = { ...channel, sequence: 4 };
    assert.deepEqual(await run(later, null, { to }), [true, "one", "two", "text 4"]);
    const quiet = { ...to, echo: false };
    assert.deepEqual(await run(later, null, { to: quiet }), [true, "one", "two"]);
    assert.deepEqual(await run(later, null), [true, "one", "two", "text 3", "text 4"]);
  });

  it("leaves what came after the channel was read to its own publish", async () => {
    const { channel } = await kept(table, "later", ["one", "two"]);
    await kept(table, "later", ["three"]);
    assert.deepEqual(await run(channel, null), [true, "one", "two"]);
  });

  it("has nothing to do in a channel without a message", async () => {
    const channel = { ...(await findChannel(table, "empty")), epoch: "k3f9x2" };
    assert.deepEqual(await run(channel, null), [true]);
    assert.deepEqual(await run(channel, "k3f9x2-0"), [true]);
  });

  it("says that it is not all where the stack keeps nothing, unless nothing was missed", async () => {
    const { channel, id } = await kept(table, "unkept", [undefined]);
    const asked = clock.now();
    assert.deepEqual(await run(channel, id(0), { historySeconds: 0 }), [false]);
    assert.equal(clock.now(), asked, "It waited for what nobody keeps.");
    assert.deepEqual(await run(channel, id(1), { historySeconds: 0 }), [true]);
  });

  it("says that it is not all where a message is no longer kept, and posts the others", async () => {
    const first = await kept(table, "lost-first", [undefined, "two", "three"]);
    const middle = await kept(table, "lost-middle", ["one", undefined, "three"]);
    const last = await kept(table, "lost-last", ["one", "two", undefined]);
    assert.deepEqual(await run(first.channel, null), [false, "two", "three"]);
    assert.deepEqual(await run(middle.channel, null), [false, "one", "three"]);
    assert.deepEqual(await run(last.channel, null), [false, "one", "two"]);
    assert.deepEqual(await run(last.channel, last.id(3)), [true]);
    assert.deepEqual(await run(middle.channel, middle.id(1)), [false, "three"]);
    assert.deepEqual(await run(middle.channel, middle.id(2)), [true, "three"]);
  });

  it("posts nothing for an id of another channel, or of none yet, and says so", async () => {
    const { channel, id } = await kept(table, "other", ["one"]);
    for (const since of [id(2), "abcdef-0", "", "1"]) {
      assert.deepEqual(await run(channel, since), [false], since);
    }
  });

  it("stops where time runs out, and says that it is not all", async () => {
    const { channel } = await kept(table, "long", ["one", "two", "three"]);
    assert.deepEqual(await run(channel, null, { milliseconds: 0 }), [false]);
    const statusOf = () => {
      clock.advance(1_000);
      return 200;
    };
    const two = { statusOf, milliseconds: 2_000 };
    assert.deepEqual(await run(channel, null, two), [false, "one", "two"]);
  });

  it("stops where the connection is no more", async () => {
    const { channel } = await kept(table, "gone", ["one", "two"]);
    assert.deepEqual(await run(channel, null, { statusOf: () => 410 }), [false, "one"]);
  });
});
