import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { invokeHttp, invokeWebSocket } from "../../support/invoke.ts";
import { later, startTokenStack, type TokenStack } from "../../support/token-stack.ts";

const expired = { subscribe: "*", publish: "*", expiresAt: "1" };
const error = JSON.stringify({
  type: "error",
  code: "token-expired",
  message: "The token of this connection has expired: connect again with a new one.",
});

describe("the end of a connection's token", () => {
  let stack: TokenStack;
  /** A new one for each test. */
  let id: string;
  before(async () => {
    stack = await startTokenStack();
  });
  beforeEach(() => {
    stack.asked = [];
    stack.isGone = false;
    id = randomBytes(11).toString("hex");
  });
  after(() => stack.close());

  it("is that of all its items, whenever they are made", async () => {
    const claims = { subscribe: "*", publish: "", expiresAt: later };
    assert.equal(await stack.connect(id, claims, ["news"]), 200);
    await stack.send(id, claims, { action: "subscribe", channel: "sport" });
    assert.deepEqual(await stack.itemsOf(id), [
      [`channel#news#0 ${id}`, later],
      [`channel#sport#0 ${id}`, later],
      [`connection#${id} connection`, later],
    ]);
  });

  it("does not keep items longer than a connection can last", async () => {
    const claims = { subscribe: "*", publish: "", expiresAt: "9999999999" };
    await stack.connect(id, claims, ["news"]);
    const hours = 2 * 60 * 60 + 10 * 60;
    for (const [key, end] of await stack.itemsOf(id)) {
      assert.ok(Number(end) <= Date.now() / 1000 + hours, `${key} ${end}`);
    }
  });

  for (const [what, authorizer] of [
    ["has expired", expired],
    ["is missing", undefined],
  ] as const) {
    for (const action of ["subscribe", "publish", "history", "unsubscribe", "ping", "$default"]) {
      it(`is told, and closes the connection: ${action} once it ${what}`, async () => {
        const claims = { subscribe: "news", publish: "", expiresAt: later };
        assert.equal(await stack.connect(id, claims, ["news"]), 200);
        const frame = JSON.stringify({ action, channel: "news", data: "x" });
        const { body } = await invokeWebSocket(stack, action, id, { authorizer, body: frame });
        assert.equal(body, "");
        assert.deepEqual(stack.asked, [
          `POST /staging/@connections/${id} ${error}`,
          `DELETE /staging/@connections/${id} `,
        ]);
        assert.deepEqual(await stack.itemsOf(id), []);
      });
    }
  }

  it("is no error where the connection is closed by then", async () => {
    stack.isGone = true;
    assert.equal(await stack.send(id, expired, { action: "ping" }), "");
    assert.equal(stack.asked.length, 2);
  });

  it("does not keep $disconnect from removing the items", async () => {
    await stack.connect(id, { subscribe: "news", publish: "", expiresAt: later }, ["news"]);
    await invokeWebSocket(stack, "$disconnect", id, { authorizer: expired });
    assert.deepEqual([await stack.itemsOf(id), stack.asked], [[], []]);
  });

  it("ends what it gets, direct messages too", async () => {
    const ended = String(Math.floor(Date.now() / 1000));
    await stack.connect(id, { subscribe: "*", publish: "", expiresAt: ended }, ["room"]);
    const claims = { publish: "*", admin: true };
    const ask = (routeKey: string, pathParameters: Record<string, string>, body?: string) =>
      invokeHttp(stack, routeKey, { claims, pathParameters, ...(body && { body }) });
    const published = await ask("POST /channels/{channel}/messages", { channel: "room" }, "x");
    assert.deepEqual([published.body.delivered, published.body.gone], [0, 0]);
    const direct = await ask("POST /connections/{id}", { id }, "x");
    assert.equal(direct.body.code, "unknown-connection");
    const listed = await ask("GET /channels/{channel}/connections", { channel: "room" });
    assert.deepEqual(listed.body.connections, []);
    assert.deepEqual(stack.asked, [`GET /staging/@connections/${id} `]);
  });
});
