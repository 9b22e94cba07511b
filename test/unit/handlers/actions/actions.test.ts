import assert from "node:assert/strict";
import { actions } from "../../../../handlers/actions/actions.ts";
import type { ClientFrame } from "../../../../handlers/actions/frame.ts";
import type { Grants } from "../../../../handlers/auth/grants.ts";
import { findConnection } from "../../../../handlers/store/connection.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { kept } from "../../../support/kept.ts";
import { PassingClock } from "../../../support/passing-clock.ts";
import { recordedSystem } from "../../../support/recorded-system.ts";

type Reply = Record<string, unknown> & { messages?: unknown[] };

const everything: Grants = { subscribe: ["*"], publish: ["*"], presence: ["*"], admin: false };

describe("an action", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  let table: ChannelTable["table"];
  let connectionId: string;
  let asked: string[];
  before(async () => {
    channels = await openChannelTable({ clock });
    ({ table } = channels);
  });
  after(() => channels.close());
  beforeEach(async () => {
    ({ connectionId } = await connected(table, ["other"], { protocol: "channels.v1" }));
  });

  async function act(
    name: string,
    members: Record<string, unknown>,
    changes: Partial<ClientFrame> = {},
  ): Promise<Reply> {
    const recorded = recordedSystem(table);
    ({ asked } = recorded);
    const sender = { connectionId, grants: everything, until: clock.now() + 27_000 };
    const frame = { ...sender, text: JSON.stringify(members), members, ...changes };
    const action = actions[name] ?? assert.fail(`There is no ${name}.`);
    return JSON.parse(await action(recorded.system, frame)) as Reply;
  }
  const channelsOf = async () => (await findConnection(table, connectionId))?.channels;

  it("ping is answered, whatever else the frame has", async () => {
    assert.deepEqual(await act("ping", { channel: 1 }), { type: "pong" });
  });

  it("subscribe says the latest message, and puts the connection on the channel", async () => {
    const subscribed = { type: "subscribed", channel: "new", last: null, revision: 2 };
    assert.deepEqual(await act("subscribe", { channel: "new" }), subscribed);
    const { id } = await kept(table, "new", ["one"]);
    const latest = { ...subscribed, last: id(1), revision: 3 };
    assert.deepEqual(await act("subscribe", { channel: "new" }), latest);
    assert.deepEqual(await channelsOf(), ["new", "other"]);
    assert.deepEqual(asked, []);
  });

  it("subscribe with since brings what was missed, and says whether that is all", async () => {
    const { id } = await kept(table, "since", ["one", "two"]);
    const revised = { type: "subscribed", channel: "since", last: id(2) };
    const whole = { ...revised, recovered: true };
    const all = await act("subscribe", { channel: "since", since: id(1) });
    assert.deepEqual(all, { ...whole, revision: 2 });
    assert.match(asked.join(), /^POST \S+ \{"type":"message",.*"data":"two"/);
    const fromStart = await act("subscribe", { channel: "since", since: null });
    assert.deepEqual(fromStart, { ...whole, revision: 3 });
    assert.equal(asked.length, 2);
    const foreign = await act("subscribe", { channel: "since", since: "abcdef-1" });
    assert.deepEqual(foreign, { ...revised, recovered: false, revision: 4 });
  });

  it("unsubscribe takes the connection off the channel, with and without a grant", async () => {
    const grants = { ...everything, subscribe: [] };
    for (const revision of [2, 3]) {
      const unsubscribed = { type: "unsubscribed", channel: "other", revision };
      assert.deepEqual(await act("unsubscribe", { channel: "other" }, { grants }), unsubscribed);
      assert.deepEqual(await channelsOf(), []);
    }
  });

  it("publish comes to the subscribers, and says the id", async () => {
    const to = await connected(table, ["published"]);
    const { id } = await act("publish", { channel: "published", data: "hello" });
    assert.match(String(id), /^[a-z0-9]{6}-1$/);
    assert.deepEqual(asked, [`POST ${to.connectionId} hello`]);
    const text = '{"data":{"a": 1.0},"channel":"published"}';
    const reply = await act("publish", JSON.parse(text) as Record<string, unknown>, { text });
    assert.deepEqual(asked, [`POST ${to.connectionId} {"a": 1.0}`]);
    assert.deepEqual(Object.keys(reply), ["type", "channel", "id"]);
  });

  it("publish leaves out the connection that sends it, if it says so", async () => {
    const other = await connected(table, ["excluded"]);
    await act("subscribe", { channel: "excluded" });
    for (const exclude of [true, connectionId]) {
      await act("publish", { channel: "excluded", data: "hello", exclude });
      assert.deepEqual(asked, [`POST ${other.connectionId} hello`]);
    }
    await act("publish", { channel: "excluded", data: "hello" });
    assert.equal(asked.length, 2);
  });

  it("history has what is kept, from an id or from the oldest", async () => {
    const { id, messages } = await kept(table, "kept", ["one", "two", "three"]);
    const listed = { id: id(2), data: "two", time: messages[1]?.time };
    assert.deepEqual(await act("history", { channel: "kept", since: id(1), limit: 1 }), {
      ...{ type: "history", channel: "kept", messages: [listed], more: true, last: id(3) },
    });
    const all = await act("history", { channel: "kept", since: null });
    assert.deepEqual([all.messages?.length, all.more], [3, false]);
  });

  it("history has as many messages as one frame can have", async () => {
    const texts = ["a", "b", "c"].map((letter) => letter.repeat(65_000));
    const { channel } = await kept(table, "n".repeat(128), texts);
    const reply = await act("history", { channel: channel.name });
    assert.deepEqual([reply.messages?.length, reply.more], [2, true]);
    assert.ok(JSON.stringify(reply).length <= 131_072);
  });

  for (const [name, frame, code] of [
    ["subscribe", {}, "invalid-channel"],
    ["subscribe", { channel: "new", since: 1 }, "invalid-since"],
    ["unsubscribe", { channel: "#" }, "invalid-channel"],
    ["publish", { channel: ["new"], data: "hello" }, "invalid-channel"],
    ["publish", { channel: "new" }, "invalid-data"],
    ["publish", { channel: "new", data: "x", exclude: "no id" }, "invalid-connection"],
    ["publish", { channel: "new", data: "x", exclude: "Qyi07eCbtjMCJKw=" }, "forbidden"],
    ["publish", { channel: "new", data: "x", idempotencyKey: "a b" }, "invalid-idempotency-key"],
    ["publish", { channel: "new", data: "x".repeat(131_072) }, "too-large"],
    ["history", { channel: "" }, "invalid-channel"],
    ["history", { channel: "new", limit: 1_001 }, "invalid-limit"],
    ["history", { channel: "new", since: "1" }, "invalid-since"],
  ] as const) {
    it(`${name} is refused as ${code}, and changes nothing`, async () => {
      const before = await channels.items();
      await assert.rejects(act(name, frame), { name: "Problem", code });
      assert.deepEqual(await channels.items(), before);
    });
  }

  for (const [name, claim] of [
    ["subscribe", "subscribe"],
    ["publish", "publish"],
    ["history", "subscribe"],
  ] as const) {
    it(`${name} is refused without its grant for the channel, and leaves no trace`, async () => {
      const frame = { channel: "secret", data: "hello" };
      const grants = { ...everything, [claim]: ["secre", "secret0"] };
      const refused = act(name, frame, { grants });
      await assert.rejects(refused, { name: "Problem", code: "forbidden" });
      assert.deepEqual(await channels.items("secret"), []);
    });
  }

  it("subscribe and unsubscribe are refused to a connection that is no more", async () => {
    for (const name of ["subscribe", "unsubscribe"]) {
      const late = act(name, { channel: "late" }, { connectionId: "unknown" });
      await assert.rejects(late, { code: "unknown-connection" });
      assert.deepEqual(await channels.items("late"), []);
    }
  });
});
