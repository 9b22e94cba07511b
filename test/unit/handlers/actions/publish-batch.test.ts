import assert from "node:assert/strict";
import { batchStatus, publishBatch } from "../../../../handlers/actions/publish-batch.ts";
import type { Grants } from "../../../../handlers/auth/grants.ts";
import type { System } from "../../../../handlers/aws/system.ts";
import { Problem } from "../../../../handlers/protocol/problem.ts";
import { problemMembers } from "../../../../handlers/protocol/http-event.ts";
import { findChannel } from "../../../../handlers/store/channel.ts";
import { keptFrom } from "../../../../handlers/store/history.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { PassingClock } from "../../../support/passing-clock.ts";
import { recordedSystem, type StatusOf } from "../../../support/recorded-system.ts";

type Message = { channel?: unknown; data?: unknown; exclude?: unknown };

const everything: Grants = { subscribe: [], presence: [], publish: ["*"], admin: false };

describe("a batch", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  let table: ChannelTable["table"];
  let asked: string[];
  before(async () => {
    channels = await openChannelTable({ clock });
    ({ table } = channels);
  });
  after(() => channels.close());

  type Options = { key?: string; grants?: Grants; statusOf?: StatusOf; changes?: Partial<System> };
  const publish = (
    messages: Message[],
    { key, grants = everything, statusOf, changes }: Options = {},
  ) => {
    const recorded = recordedSystem(table, statusOf, changes);
    ({ asked } = recorded);
    const batch = {
      text: JSON.stringify(messages),
      messages: messages.map((members) => ({ text: JSON.stringify(members), members })),
    };
    return publishBatch(recorded.system, grants, batch, key);
  };
  /** What is kept of a channel, in the order of its numbers. */
  const keptIn = async (name: string) => {
    const texts: string[] = [];
    for await (const { text } of keptFrom(table, await findChannel(table, name), 1)) {
      texts.push(text);
    }
    return texts;
  };
  const shown = (results: Awaited<ReturnType<typeof publish>>) =>
    results.map((result) =>
      "code" in result ? result.code : `${result.channel} ${result.id.split("-")[1] ?? ""}`,
    );

  it("publishes each message, those of a channel in their order", async () => {
    const order = ["a", "b", "a", "c", "a", "b", "a"];
    const messages = order.map((channel, index) => ({ channel, data: `text ${index}` }));
    const results = await publish(messages);
    assert.deepEqual(shown(results), ["a 1", "b 1", "a 2", "c 1", "a 3", "b 2", "a 4"]);
    assert.deepEqual(await keptIn("a"), ["text 0", "text 2", "text 4", "text 6"]);
    assert.deepEqual(await keptIn("b"), ["text 1", "text 5"]);
  });

  it("brings a subscriber the messages of its channel in their order", async () => {
    const { connectionId } = await connected(table, ["order"]);
    const texts = Array.from({ length: 10 }, (_, index) => `text ${index}`);
    await publish(texts.map((data) => ({ channel: "order", data })));
    assert.deepEqual(
      asked,
      texts.map((text) => `POST ${connectionId} ${text}`),
    );
  });

  it("does channels side by side: who is slow on one delays no other", async () => {
    const slow = await connected(table, ["slow"]);
    const quick = await connected(table, ["quick"]);
    const { system } = recordedSystem(table);
    const posted: string[] = [];
    let release: (status: number) => void = () => assert.fail("not posted yet");
    system.connections.post = (id) => {
      posted.push(id);
      if (id === quick.connectionId) return Promise.resolve(200);
      return new Promise((resolve) => (release = resolve));
    };
    const messages = ["slow", "quick", "quick"].map((channel) => {
      const members = { channel, data: "hello" };
      return { text: JSON.stringify(members), members };
    });
    const publishing = publishBatch(system, everything, { text: "", messages }, undefined);
    while (posted.length < 3) await new Promise(setImmediate);
    assert.deepEqual(posted.filter((id) => id === slow.connectionId).length, 1);
    release(200);
    assert.deepEqual(shown(await publishing), ["slow 1", "quick 1", "quick 2"]);
  });

  it("gives each message that cannot be published its own problem, and publishes the others", async () => {
    const results = await publish(
      [
        { channel: "mixed", data: "one" },
        { channel: "no spaces", data: "x" },
        { data: "x" },
        { channel: "mixed" },
        { channel: "secret", data: "x" },
        { channel: "mixed", data: "x", exclude: true },
        { channel: "mixed", data: "x".repeat(131_072) },
        { channel: "mixed", data: "\ud800" },
        { channel: "mixed", data: { last: 1 } },
      ],
      { grants: { ...everything, publish: ["mixed", "no*"] } },
    );
    assert.deepEqual(shown(results), [
      ...["mixed 1", "invalid-channel", "invalid-channel", "invalid-data", "forbidden"],
      ...["invalid-connection", "too-large", "invalid-data", "mixed 2"],
    ]);
    assert.deepEqual(results[4], {
      ...{ title: "Forbidden", status: 403, code: "forbidden" },
      detail:
        'The token does not let you publish to the channel secret: its claim "publish" has to name it.',
    });
    assert.deepEqual(await keptIn("mixed"), ["one", '{"last":1}']);
    assert.deepEqual(await channels.items("secret"), []);
  });

  it("goes on after a message that fails on our side", async () => {
    const forbidden = await connected(table, ["failing"]);
    const statusOf = (id: string) => (id === forbidden.connectionId ? 403 : 200);
    const messages = ["failing", "failing", "working"].map((channel) => ({ channel, data: "x" }));
    const results = await publish(messages, { statusOf });
    assert.deepEqual(shown(results), ["internal", "internal", "working 1"]);
  });

  it("leaves out of each message whom that excludes", async () => {
    const [one, other] = [await connected(table, ["out"]), await connected(table, ["out"])];
    await publish([
      { channel: "out", data: "first", exclude: one.connectionId },
      { channel: "out", data: "second", exclude: other.connectionId },
    ]);
    assert.deepEqual(asked, [
      `POST ${other.connectionId} first`,
      `POST ${one.connectionId} second`,
    ]);
  });

  it("tries no longer in all than one publish does: what is left is pending", async () => {
    await connected(table, ["busy"]);
    const asked = clock.now();
    const statusOf = () => {
      clock.advance(1_000);
      return 429;
    };
    const messages = Array.from({ length: 10 }, () => ({ channel: "busy", data: "x" }));
    const results = await publish(messages, { statusOf });
    assert.ok(clock.now() - asked < 7_000, `${clock.now() - asked} ms`);
    assert.deepEqual(
      results.map((result) => "pending" in result && result.pending),
      messages.map(() => 1),
    );
  });

  it("gives a repeat with its key the first results, and publishes nothing", async () => {
    const messages = ["x", "y", "x"].map((channel, index) => ({ channel, data: `${index}` }));
    const first = await publish(messages, { key: "key" });
    await connected(table, ["x", "y"]);
    assert.deepEqual(await publish(messages, { key: "key" }), first);
    assert.deepEqual(asked, []);
    assert.deepEqual(shown(await publish(messages, { key: "other" })), ["x 3", "y 2", "x 4"]);
  });

  it("is refused as a whole where its key came with another, whatever of that is the same", async () => {
    const first = [
      { channel: "whole", data: "1" },
      { channel: "whole", data: "2" },
    ];
    await publish(first, { key: "whole" });
    for (const other of [
      [...first, { channel: "whole", data: "3" }],
      first.slice(0, 1),
      [...first].reverse(),
      [{ channel: "elsewhere", data: "1" }],
    ]) {
      await assert.rejects(publish(other, { key: "whole" }), { code: "idempotency-key-reused" });
    }
    assert.deepEqual([await keptIn("whole"), await keptIn("elsewhere")], [["1", "2"], []]);
  });

  it("has keys of its own: that of a single publish is another", async () => {
    const [result] = await publish([{ channel: "keys", data: "1" }], { key: "own" });
    const [again] = await publish([{ channel: "keys", data: "1" }], { key: "own" });
    assert.deepEqual(again, result);
    const items = await channels.items("request#");
    assert.ok(items.includes("request# own") && items.includes("request#keys own 0"));
  });

  it("is 200 where all is done, 202 where something is pending, 207 where something is refused", () => {
    const times = { startedAt: "", finishedAt: null };
    const published = {
      id: "k3f9x2-1",
      channel: "news",
      delivered: 1,
      gone: 0,
      failed: 0,
      ...times,
    };
    const done = { ...published, pending: 0 };
    const pending = { ...published, pending: 1 };
    const refused = problemMembers(new Problem("forbidden", "No."));
    assert.equal(batchStatus([done, done]), 200);
    assert.equal(batchStatus([done, pending]), 202);
    assert.equal(batchStatus([pending, refused, done]), 207);
    assert.equal(batchStatus([refused]), 207);
  });
});
