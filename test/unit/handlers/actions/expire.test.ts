import assert from "node:assert/strict";
import { expire } from "../../../../handlers/actions/expire.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { PassingClock } from "../../../support/passing-clock.ts";
import { recordedSystem, type StatusOf } from "../../../support/recorded-system.ts";

const error =
  '{"type":"error","code":"token-expired","message":"The token of this connection has expired: connect again with a new one."}';

describe("a connection whose token has expired", () => {
  let channels: ChannelTable;
  before(async () => {
    channels = await openChannelTable({ clock: new PassingClock(Date.now()) });
  });
  after(() => channels.close());

  /** Returns the requests to @connections, and how many items are left of the connection. */
  async function run(statusOf?: StatusOf): Promise<{ asked: string[]; items: number }> {
    const { connectionId } = await connected(channels.table, ["news"]);
    const { system, asked } = recordedSystem(channels.table, statusOf);
    await expire(system, connectionId);
    const items = (await channels.items(connectionId)).length;
    return { asked: asked.map((one) => one.replace(` ${connectionId}`, "")), items };
  }

  it("is told so, and then closed and removed", async () => {
    assert.deepEqual(await run(), { asked: [`POST ${error}`, "DELETE"], items: 0 });
  });

  it("is closed and removed also where it cannot be told", async () => {
    const asked = [`POST ${error}`, "DELETE"];
    const lost: StatusOf = (_, method) => {
      if (method === "POST") throw new Error("socket hang up");
      return 204;
    };
    assert.deepEqual(await run(lost), { asked, items: 0 });
    assert.deepEqual(await run((_, method) => (method === "POST" ? 429 : 204)), {
      asked,
      items: 0,
    });
  });

  it("is removed where it is closed already", async () => {
    assert.equal((await run(() => 410)).items, 0);
  });

  it("fails where API Gateway does not answer whether it is closed", async () => {
    const lost = new Error("socket hang up");
    const statusOf: StatusOf = (_, method) => {
      if (method === "DELETE") throw lost;
      return 200;
    };
    await assert.rejects(run(statusOf), lost);
  });

  it("fails where API Gateway does not close it", async () => {
    const statusOf: StatusOf = (_, method) => (method === "DELETE" ? 429 : 200);
    await assert.rejects(run(statusOf), { code: "unreached" });
  });
});
