import assert from "node:assert/strict";
import { invokeHttp, invokeWebSocket } from "../../support/invoke.ts";
import { later, startTokenStack, type TokenStack } from "../../support/token-stack.ts";

const id = "L0SM9cOFvHcCIhw=";
const forbidden = (claim: string, channel: string) =>
  `The token does not let you ${claim} to the channel ${channel}: its claim "${claim}" has to name it.`;

describe("what a token grants", () => {
  let stack: TokenStack;
  before(async () => {
    stack = await startTokenStack();
  });
  after(() => stack.close());

  it("is nothing of the following, without a trace, where its claims do not name it", async () => {
    const none = { subscribe: "other", publish: "other", expiresAt: later };
    assert.equal(await stack.connect(id, none, ["other", "news"]), 403);
    assert.equal(await stack.connect(id, {}, ["news"]), 403);
    for (const [action, claim] of [
      ["subscribe", "subscribe"],
      ["history", "subscribe"],
      ["publish", "publish"],
    ] as const) {
      const reply = await stack.send(id, none, { action, channel: "news", data: "x" });
      const message = forbidden(claim, "news");
      assert.deepEqual(JSON.parse(reply), { type: "error", code: "forbidden", message });
    }
    const channel = { pathParameters: { channel: "news" } };
    const connection = { pathParameters: { id } };
    const admin = 'The token has to have the claim "admin": true for this.';
    for (const [routeKey, parts, detail] of [
      ["POST /", { body: "x" }, forbidden("publish", "test")],
      [
        "POST /channels/{channel}/messages",
        { ...channel, body: "x" },
        forbidden("publish", "news"),
      ],
      ["GET /channels/{channel}/messages", channel, forbidden("subscribe", "news")],
      ["GET /channels/{channel}/connections", channel, admin],
      ["GET /channels", {}, admin],
      ["GET /connections/{id}", connection, admin],
      ["POST /connections/{id}", { ...connection, body: "x" }, admin],
      ["DELETE /connections/{id}", connection, admin],
    ] as const) {
      for (const claims of [undefined, {}, { subscribe: ["other"], publish: ["other"] }]) {
        const answer = await invokeHttp(stack, routeKey, { ...parts, claims });
        const body = { title: "Forbidden", status: 403, code: "forbidden", detail };
        assert.deepEqual(answer, { status: 403, body }, routeKey);
      }
    }
    assert.deepEqual([await stack.items(), stack.asked], [[], []]);
  });

  it("is what a request may without any claim", async () => {
    for (const routeKey of ["GET /", "GET /openapi.json", "GET /asyncapi.json"]) {
      assert.equal((await invokeHttp(stack, routeKey, { claims: {} })).status, 200);
    }
  });

  it("is what its claims name", async () => {
    const claims = { subscribe: "news room-*", publish: "room-*", expiresAt: later };
    assert.equal(await stack.connect(id, claims, ["news"]), 200);
    const channel = "room-1";
    const frames = [
      { action: "subscribe", channel },
      { action: "publish", channel, data: "x" },
      { action: "history", channel },
      { action: "unsubscribe", channel: "other" },
      { action: "ping" },
    ];
    const types: unknown[] = [];
    for (const frame of frames) {
      const reply = JSON.parse(await stack.send(id, claims, frame)) as { type: string };
      types.push(reply.type);
    }
    assert.deepEqual(types, ["subscribed", "published", "history", "unsubscribed", "pong"]);
    const ofChannel = { pathParameters: { channel } };
    for (const [routeKey, granted, parts] of [
      ["POST /channels/{channel}/messages", { publish: ["room-*"] }, { ...ofChannel, body: "y" }],
      ["GET /channels/{channel}/messages", { subscribe: "room-*" }, ofChannel],
      ["GET /channels/{channel}/connections", { admin: true }, ofChannel],
      ["GET /channels", { admin: true }, {}],
      ["POST /connections/{id}", { admin: true }, { pathParameters: { id }, body: "y" }],
    ] as const) {
      const { status } = await invokeHttp(stack, routeKey, { ...parts, claims: granted });
      assert.equal(status, 200, routeKey);
    }
  });

  it("is never given back as the subprotocol", async () => {
    const authorizer = { subscribe: "test", publish: "", expiresAt: later };
    for (const [offered, selected] of [
      ["bearer.secret, channels.v1", { "Sec-WebSocket-Protocol": "channels.v1" }],
      ["bearer.secret", {}],
    ] as const) {
      const parts = { authorizer, headers: { "Sec-WebSocket-Protocol": offered } };
      const { status, headers } = await invokeWebSocket(stack, "$connect", id, parts);
      assert.deepEqual([status, headers], [200, selected]);
    }
    assert.ok(!stack.logs.join().includes("secret"));
  });
});
