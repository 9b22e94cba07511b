import assert from "node:assert/strict";
import { closeConnection, sendTo, showConnection } from "../../../../handlers/actions/direct.ts";
import type { System } from "../../../../handlers/aws/system.ts";
import { findConnection } from "../../../../handlers/store/connection.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { PassingClock } from "../../../support/passing-clock.ts";
import { recordedSystem, type StatusOf } from "../../../support/recorded-system.ts";

const content = { text: '{"a":1}', isJson: true };
const unknown = { name: "Problem", code: "unknown-connection" };

describe("one connection", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  before(async () => {
    channels = await openChannelTable({ clock });
  });
  after(() => channels.close());

  const here = (statusOf?: StatusOf, changes?: Partial<System>) =>
    recordedSystem(channels.table, statusOf, changes);
  const connect = (changes = {}) => connected(channels.table, ["sport", "news"], changes);
  const itemsOf = async (id: string) => (await channels.items(id)).length;

  const calls: Record<string, (system: System, id: string) => Promise<unknown>> = {
    shown: showConnection,
    "sent to": (system, id) => sendTo(system, id, content),
    closed: closeConnection,
  };
  for (const [what, call] of Object.entries(calls)) {
    it(`that is gone when it is to be ${what} is unknown, and removed`, async () => {
      const { connectionId } = await connect();
      await assert.rejects(call(here(() => 410).system, connectionId), unknown);
      assert.equal(await itemsOf(connectionId), 0);
    });

    it(`has an id of the right form, or cannot be ${what}`, async () => {
      const malformed = { name: "Problem", code: "invalid-connection" };
      await assert.rejects(call(here(() => 400).system, "malformed"), malformed);
    });

    it(`that API Gateway does not let be ${what} is kept, and may be asked for again`, async () => {
      const { connectionId } = await connect();
      for (const status of [403, 429, 500, 503]) {
        await assert.rejects(call(here(() => status).system, connectionId), {
          ...{ name: "Problem", code: "unreached" },
          message: `API Gateway answers ${status} for this connection: try again.`,
        });
      }
      assert.equal(await itemsOf(connectionId), 3);
    });

    it(`that gives no answer when it is to be ${what} is kept`, async () => {
      const { connectionId } = await connect();
      const reset = new Error("socket hang up");
      const { system } = here(() => {
        throw reset;
      });
      await assert.rejects(call(system, connectionId), reset);
      assert.equal(await itemsOf(connectionId), 3);
    });
  }

  for (const what of ["shown", "sent to"]) {
    it(`that may still be connecting when it is to be ${what} is kept, and worth another try`, async () => {
      const { connectionId } = await connect({ connectedAt: clock.now() });
      await assert.rejects(calls[what]?.(here(() => 410).system, connectionId) ?? assert.fail(), {
        ...{ name: "Problem", code: "unreached", retryAfter: 30 },
      });
      assert.equal(await itemsOf(connectionId), 3);
    });
  }

  it("that is connecting when it is to be closed is closed once it is open", async () => {
    const { connectionId } = await connect({ connectedAt: clock.now() });
    let tries = 0;
    const { system, asked } = here(() => (tries++ < 3 ? 410 : 204));
    await closeConnection(system, connectionId);
    assert.equal(asked.length, 4);
    assert.equal(await itemsOf(connectionId), 0);
  });

  it("that never opens when it is to be closed is left to the one that connects it", async () => {
    const { connectionId } = await connect({ connectedAt: clock.now() });
    const { system } = here(() => 410);
    await assert.rejects(closeConnection(system, connectionId), { code: "unreached" });
    assert.equal((await findConnection(channels.table, connectionId))?.isClosed, true);
  });

  it("is shown as the table and API Gateway know it", async () => {
    const { connectionId } = await connect({ protocol: "channels.v1" });
    const { system, asked } = here();
    assert.deepEqual(await showConnection(system, connectionId), {
      ...{ connectionId, protocol: "channels.v1", channels: ["news", "sport"] },
      connectedAt: new Date("2026-11-22T10:00:00.000Z"),
      lastActiveAt: new Date("2026-11-22T10:00:03.000Z"),
      ...{ sourceIp: "192.0.2.7", userAgent: "wscat" },
    });
    assert.deepEqual(asked, [`GET ${connectionId}`]);
  });

  it("is shown as plain and on no channel where the table has it no longer", async () => {
    const shown = await showConnection(here().system, "elsewhere");
    assert.deepEqual([shown.protocol, shown.channels], ["plain", []]);
  });

  it("gets what is sent to it alone in its protocol", async () => {
    const [plain, json] = [await connect(), await connect({ protocol: "channels.v1" })];
    const { system, asked } = here();
    for (const { connectionId } of [plain, json]) await sendTo(system, connectionId, content);
    const time = new Date(clock.now()).toISOString();
    assert.deepEqual(asked, [
      `POST ${plain.connectionId} {"a":1}`,
      `POST ${json.connectionId} {"type":"direct","data":{"a":1},"time":"${time}"}`,
    ]);
  });

  it("gets nothing that is too large for its envelope", async () => {
    const { connectionId } = await connect();
    const { system, asked } = here(undefined, { maxMessageBytes: 50 });
    await assert.rejects(sendTo(system, connectionId, content), { code: "too-large" });
    assert.deepEqual(asked, []);
  });

  it("gets nothing once its end has come, though it may be open", async () => {
    const { connectionId } = await connect({ expiresAt: Math.floor(clock.now() / 1000) });
    const { system, asked } = here();
    await assert.rejects(sendTo(system, connectionId, content), unknown);
    assert.deepEqual(asked, [`GET ${connectionId}`]);
  });

  it("is closed, and removed at once", async () => {
    const { connectionId } = await connect();
    const { system, asked } = here((_, method) => (method === "DELETE" ? 204 : 500));
    await closeConnection(system, connectionId);
    assert.deepEqual(asked, [`DELETE ${connectionId}`]);
    assert.equal(await itemsOf(connectionId), 0);
  });
});
