import assert from "node:assert/strict";
import type { Clock } from "../../../../handlers/aws/clock.ts";
import { replay } from "../../../../handlers/actions/replay.ts";
import { messageFrames } from "../../../../handlers/protocol/frames.ts";
import type { Channel } from "../../../../handlers/store/channel.ts";
import type { Connection } from "../../../../handlers/store/connection.ts";
import { keep } from "../../../../handlers/store/history.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { kept } from "../../../support/kept.ts";
import { PassingClock } from "../../../support/passing-clock.ts";
import { recordedSystem, type StatusOf } from "../../../support/recorded-system.ts";

const always = () => true;

describe("a replay", () => {
  let channels: ChannelTable;
  let table: ChannelTable["table"];
  let alice: Connection;
  before(async () => {
    channels = await openChannelTable({ clock: new PassingClock(Date.now()) });
    ({ table } = channels);
    alice = await connected(table, ["elsewhere"]);
  });
  after(() => channels.close());

  /** Returns the result of a replay, and the frames that were posted. */
  async function run(
    channel: Channel,
    since: string | null,
    { statusOf, hasTime = always, clock = table.clock, to = alice }: Options = {},
  ): Promise<[boolean, ...string[]]> {
    const { system, asked } = recordedSystem(table, statusOf, { clock });
    const isWhole = await replay(system, to, channel, since, hasTime);
    return [isWhole, ...asked.map((post) => post.replace(`POST ${to.connectionId} `, ""))];
  }
  type Options = { statusOf?: StatusOf; hasTime?: () => boolean; clock?: Clock; to?: Connection };

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

  it("has nothing to do in a channel without a message", async () => {
    const channel = { name: "empty", epoch: "k3f9x2", sequence: 0, shards: 1 };
    assert.deepEqual(await run(channel, null), [true]);
    assert.deepEqual(await run(channel, "k3f9x2-0"), [true]);
  });

  it("says that it is not all where a message is no longer kept, and posts the others", async () => {
    const first = await kept(table, "lost first", [undefined, "two", "three"]);
    assert.deepEqual(await run(first.channel, null), [false, "two", "three"]);
    const middle = await kept(table, "lost middle", ["one", undefined, "three"]);
    assert.deepEqual(await run(middle.channel, null), [false, "one", "three"]);
    const last = await kept(table, "lost last", ["one", "two", undefined]);
    assert.deepEqual(await run(last.channel, null), [false, "one", "two"]);
    assert.deepEqual(await run(last.channel, last.id(3)), [true]);
  });

  it("posts nothing for an id of another channel, or of none yet, and says so", async () => {
    const { channel, id } = await kept(table, "other", ["one"]);
    for (const since of [id(2), "abcdef-0", "", "1"]) {
      assert.deepEqual(await run(channel, since), [false], since);
    }
  });

  it("waits for a message that is being published, and keeps the order", async () => {
    const { channel, messages } = await kept(table, "late", ["one", undefined, "three"]);
    const [one] = messages;
    assert.ok(one);
    // It is kept while the replay waits.
    const clock: Clock = {
      now: () => table.clock.now(),
      after(milliseconds, callback) {
        const keeping = keep(table, { ...one, sequence: 2, text: "two" }, 300);
        void keeping.then(() => table.clock.after(milliseconds, callback));
        return { cancel: () => undefined };
      },
    };
    assert.deepEqual(await run(channel, null, { clock }), [true, "one", "two", "three"]);
  });

  it("stops where time runs out, and says that it is not all", async () => {
    const { channel } = await kept(table, "long", ["one", "two", "three"]);
    let left = 2;
    const hasTime = () => left-- > 0;
    assert.deepEqual(await run(channel, null, { hasTime }), [false, "one", "two"]);
  });

  it("stops where the connection is no more", async () => {
    const { channel } = await kept(table, "gone", ["one", "two"]);
    assert.deepEqual(await run(channel, null, { statusOf: () => 410 }), [false, "one"]);
  });
});
