import assert from "node:assert/strict";
import {
  findConnection,
  itemsEnd,
  mayBeConnecting,
  toConnection,
} from "../../../../handlers/store/connection.ts";
import { ManualClock } from "../../../../local/shared/clock.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { PassingClock } from "../../../support/passing-clock.ts";

describe("a connection", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  let table: ChannelTable["table"];
  before(async () => {
    channels = await openChannelTable({ clock });
    ({ table } = channels);
  });
  after(() => channels.close());

  it("is found as it came, with its channels in order and where it is in them", async () => {
    const one = await connected(table, ["news", "a:1", "Z.z"], { protocol: "channels.v1" });
    const { shardKeys = [], ...found } = (await findConnection(table, one.connectionId)) ?? {};
    const names = { channels: ["Z.z", "a:1", "news"], revision: 1 };
    const presence = { member: undefined, presentIn: [] };
    assert.deepEqual(found, { ...one, ...names, ...presence, isClosed: false, replayUntil: 0 });
    assert.deepEqual([...shardKeys].sort(), ["Z.z#0", "a:1#0", "news#0"]);
  });

  it("is no more where it was never there, or its end has come, to the second", async () => {
    assert.equal(await findConnection(table, "unknown"), undefined);
    const expiresAt = Math.floor(clock.now() / 1000) + 2;
    const { connectionId } = await connected(table, ["news"], { expiresAt });
    clock.advance(1_000);
    assert.equal((await findConnection(table, connectionId))?.connectionId, connectionId);
    clock.advance(1_000);
    assert.equal(await findConnection(table, connectionId), undefined);
  });
});

describe("the items of a connection", () => {
  const connectedAt = 1_795_000_000_999;

  it("end 10 minutes after the two hours that API Gateway gives it, or with its token", () => {
    assert.equal(itemsEnd(connectedAt), 1_795_007_800);
    assert.equal(itemsEnd(connectedAt, 1_795_007_801), 1_795_007_800);
    assert.equal(itemsEnd(connectedAt, 1_795_000_060), 1_795_000_060);
    assert.equal(itemsEnd(connectedAt, 0), 0);
  });

  it("say plain where they say no protocol that there is", () => {
    const item = { connectedAt: { N: "1" }, expiresAt: { N: "2" } };
    for (const protocol of [undefined, { S: "plain" }, { S: "channels.v9" }]) {
      assert.deepEqual(toConnection("a", { ...item, ...(protocol && { protocol }) }), {
        ...{ connectionId: "a", protocol: "plain", connectedAt: 1, expiresAt: 2 },
      });
    }
  });
});

describe("a connection that is not known to API Gateway", () => {
  it("may be connecting for 30 seconds from its handshake, and longer where clocks differ", () => {
    const clock = new ManualClock();
    const connection = toConnection("a", { connectedAt: { N: String(clock.now()) } });
    const states = [-5_000, 5_000, 29_999, 1].map((milliseconds) => {
      const later = new ManualClock(clock.now() + milliseconds);
      return mayBeConnecting(later, connection);
    });
    assert.deepEqual(states, [true, true, true, true]);
    assert.equal(mayBeConnecting(new ManualClock(clock.now() + 30_000), connection), false);
  });
});
