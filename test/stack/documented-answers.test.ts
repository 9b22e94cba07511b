import assert from "node:assert/strict";
import { asyncApiDocument } from "../../handlers/protocol/documents.ts";
import type { PostFault } from "../../local/shared/faults.ts";
import { Client } from "../support/client.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import {
  asyncApi,
  checkBody,
  checkFrame,
  openApi,
  requests,
  type Json,
} from "../support/document-schemas.ts";

type Sent = [line: string, status: number, init?: RequestInit];

const asJson = { "content-type": "application/json" };
const withKey = { "idempotency-key": "order-17" };
const batch = (...messages: object[]) => ({ body: JSON.stringify({ messages }) });

describe("what a stack answers, as its documents say", () => {
  let stack: TestStack;
  let alice: Client;
  let postFault: PostFault | undefined;
  let isTableDown = false;
  before(async () => {
    stack = await startTestStack({
      config: { inlineRecipients: "1", prefixSubscriptions: "true" },
      faults: {
        post: () => postFault,
        dynamodb: () => (isTableDown ? { type: "InternalServerError" } : undefined),
      },
    });
    alice = await Client.connect(`${stack.websocketUrl}?channel=news`, ["channels.v1"]);
  });
  after(() => stack.close());

  /** Sends a request, and checks its answer against the OpenAPI document. */
  async function ask([line, status, init]: Sent): Promise<Json> {
    const [method = "", path = ""] = line.split(" ");
    const response = await fetch(new URL(path.slice(1), stack.httpUrl), { method, ...init });
    const text = await response.text();
    assert.equal(response.status, status, `${line}: ${text}`);
    const answer = requests
      .find(({ routeKey }) => pattern(routeKey).test(line))
      ?.answers.find((documented) => documented.status === String(status));
    assert.ok(answer, `${line} has no answer ${status} in the document`);
    if (status === 204) return null;
    const body = JSON.parse(text) as Json;
    await checkBody(answer, response.headers.get("content-type") ?? "", body);
    return body;
  }

  it("serves both documents, with the servers that it has", async () => {
    const url = new URL("openapi.json", stack.httpUrl);
    assert.deepEqual(await ask(["GET /openapi.json", 200]), openApi);
    const [server] = openApi.servers;
    assert.equal(new URL(server?.url ?? "", url).href, stack.httpUrl);
    const served = await ask(["GET /asyncapi.json", 200]);
    assert.deepEqual(served, await asyncApiDocument(stack.websocketUrl));
  });

  it("answers requests", async () => {
    const sent: Sent[] = [
      ["GET /", 200],
      ["POST /", 200, { body: "message" }],
      ["POST /", 400],
      ["POST /", 415, { body: new Uint8Array([0xff]) }],
      ["POST /channels/sport/messages", 200, { body: "shipped", headers: withKey }],
      ["POST /channels/sport/messages", 422, { body: "cancelled", headers: withKey }],
      ["POST /channels/sport/messages", 400, { body: "{", headers: asJson }],
      ["POST /channels/sport/messages", 413, { body: "a".repeat(128 * 1024) }],
      ["POST /channels/no%20spaces/messages", 400, { body: "message" }],
      ["POST /channels/sport/messages?exclude=AAAAAAAAAAAAAAA=", 200, { body: "message" }],
      ["POST /?exclude=malformed%20id", 400, { body: "message" }],
      ["POST /messages", 200, batch({ channel: "sport", data: { goal: 1 } })],
      ["POST /messages", 207, batch({ channel: "no spaces", data: 1 }, { channel: "sport" })],
      ["POST /messages", 400, batch()],
      ["POST /messages", 400, { body: "{" }],
      ["POST /messages", 413, { body: "a".repeat(10 * 128 * 1024 + 1) }],
      ["POST /messages", 415, { body: new Uint8Array([0xff]) }],
      ["POST /messages", 200, { ...batch({ channel: "sport", data: 1 }), headers: withKey }],
      ["POST /messages", 422, { ...batch({ channel: "sport", data: 2 }), headers: withKey }],
      ["GET /channels/sport/messages", 200],
      ["GET /channels/unused/messages", 200],
      ["GET /channels/sport/messages?since=yesterday", 400],
      ["GET /channels/news/connections?limit=1", 200],
      ["GET /channels/news/connections?limit=0", 400],
      ["GET /channels/news/members?limit=1", 200],
      ["GET /channels/news/members?count", 200],
      ["GET /channels/news/members?cursor=another", 400],
      ["GET /channels?limit=1", 200],
      ["GET /channels?cursor=another", 400],
      ["GET /connections/malformed", 400],
      ["GET /channels/sport/messages/k3f9x2-1/delivery", 404],
      ["GET /channels/sport/messages/not-an-id/delivery", 404],
      ["GET /channels/no%20spaces/messages/k3f9x2-1/delivery", 400],
    ];
    for (const request of sent) await ask(request);
  });

  it("answers requests about one connection, until it is gone", async () => {
    const names = "?channel=test&channel=orders:*";
    const bob = await Client.connect(stack.websocketUrl + names, ["channels.v1"]);
    const id = await connectionOn("orders:*");
    await ask([`GET /connections/${id}`, 200]);
    await ask([`POST /connections/${id}`, 200, { body: "only for you" }]);
    await checkFrame("direct", readFrame(await bob.next()));
    postFault = 500;
    await ask([`POST /connections/${id}`, 503, { body: "only for you" }]);
    postFault = undefined;
    await ask([`DELETE /connections/${id}`, 204]);
    await ask([`DELETE /connections/${id}`, 404]);
    await bob.closed;
  });

  it("answers 202 where some of it is queued, and 500 where the table is down", async () => {
    const room = `${stack.websocketUrl}?channel=room`;
    const clients = await Promise.all([Client.connect(room), Client.connect(room)]);
    const published = await ask(["POST /channels/room/messages", 202, { body: "message" }]);
    await ask(["POST /messages", 202, batch({ channel: "room", data: "message" })]);
    for (const client of clients) assert.deepEqual(await client.take(2), ["message", "message"]);
    await stack.queues.idle();
    const { id } = published as { id: string };
    const report = await ask([`GET /channels/room/messages/${id}/delivery`, 200]);
    const { startedAt, finishedAt, ...counts } = report as Record<string, string>;
    assert.deepEqual(counts, {
      ...{ id, channel: "room", delivered: 2, gone: 0, failed: 0, pending: 0 },
    });
    assert.ok((startedAt ?? "?") <= (finishedAt ?? ""));
    isTableDown = true;
    await ask(["GET /channels/room/messages", 500]);
    isTableDown = false;
    await Promise.all(clients.map((client) => client.close()));
  });

  it("replies to frames", async () => {
    const frames: [frame: { action: string; [key: string]: Json }, ...replies: string[]][] = [
      [{ action: "ping" }, "pong"],
      [{ action: "subscribe", channel: "frames" }, "subscribed"],
      [{ action: "publish", channel: "frames", data: { goal: 1 } }, "message", "published"],
      [{ action: "publish", channel: "frames", data: "x", exclude: true }, "published"],
      [{ action: "subscribe", channel: "frames", since: "0-1" }, "subscribed"],
      [{ action: "history", channel: "frames", limit: 1 }, "history"],
      [{ action: "presence", channel: "frames" }, "presence"],
      [{ action: "subscribe", channel: "frames", presence: true }, "subscribed"],
      [{ action: "unsubscribe", channel: "frames" }, "unsubscribed"],
      [{ action: "subscribe", channel: "frames:*" }, "subscribed"],
      [{ action: "subscribe", channel: "frames:*", since: { frames: "0-1" } }, "subscribed"],
      [{ action: "unsubscribe", channel: "frames:*" }, "unsubscribed"],
    ];
    for (const [frame, ...types] of frames) {
      await checkFrame(frame.action, frame);
      alice.send(frame);
      const replies = (await alice.take(types.length)).map(readFrame);
      assert.deepEqual(replies.map(({ type }) => type).sort(), types);
      for (const reply of replies) await checkFrame(messageOf(reply.type), reply);
    }
    const others = '{"action":"publish","channel":"a","data":1,"exclude":"another"}';
    for (const wrong of ["hello", '{"action":"subscribe"}', others]) {
      await checkFrame("error", readFrame(await alice.ask(wrong)));
    }
  });

  async function connectionOn(channel: string): Promise<string> {
    const listing = await ask([`GET /channels/${channel}/connections`, 200]);
    const { connections } = listing as { connections: { connectionId: string }[] };
    return connections[0]?.connectionId ?? assert.fail(`nobody is on ${channel}`);
  }
});

function pattern(routeKey: string): RegExp {
  return new RegExp(`^${routeKey.replace(".", "\\.").replace(/\{\w+\}/g, "[^/]+")}(\\?|$)`);
}

function readFrame(frame: string): { type: string } {
  return JSON.parse(frame) as { type: string };
}

/** Returns the name of the message that has this `type`. */
function messageOf(type: string): string {
  const found = Object.entries(asyncApi.components.messages).find(
    ([, { payload }]) =>
      "properties" in payload &&
      "type" in payload.properties &&
      payload.properties.type.const === type,
  );
  return found?.[0] ?? assert.fail(`the document has no frame of type ${type}`);
}
