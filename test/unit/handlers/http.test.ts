import assert from "node:assert/strict";
import type { handler as httpHandler } from "../../../handlers/http.ts";
import type { HttpEvent } from "../../../handlers/protocol/http-event.ts";
import { connected } from "../../support/connected.ts";
import { context, openFunctionWorld, type FunctionWorld } from "../../support/function-world.ts";

const routeKeys = {
  publish: "POST /channels/{channel}/messages",
  read: "GET /channels/{channel}/messages",
  delivery: "GET /channels/{channel}/messages/{id}/delivery",
  discover: "GET /channels/{channel}/connections",
  list: "GET /channels",
  show: "GET /connections/{id}",
  send: "POST /connections/{id}",
  close: "DELETE /connections/{id}",
};
const everything = { subscribe: ["*"], publish: ["*"], admin: true };

describe("the http function", () => {
  let world: FunctionWorld;
  let handler: typeof httpHandler;
  let status: number;
  before(async () => {
    world = await openFunctionWorld(() => status);
    ({ handler } = await import("../../../handlers/http.ts"));
  });
  after(() => world.close());
  beforeEach(() => {
    status = 200;
  });

  type Parts = Partial<Pick<HttpEvent, "body" | "pathParameters" | "queryStringParameters">> & {
    claims?: object;
    headers?: Record<string, string>;
    hasAuthorizer?: boolean;
  };
  /** Gives the status, the body as JSON and the headers. */
  async function invoke(routeKey: string, parts: Parts = {}) {
    const { claims = everything, headers = {}, hasAuthorizer = true, ...rest } = parts;
    const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
    const result = await handler(
      {
        ...{ routeKey, isBase64Encoded: false, ...rest },
        headers: { authorization: `Bearer e30.${payload}.c2ln`, ...headers },
        requestContext: {
          ...{ requestId: "gateway's", routeKey, http: { sourceIp: "192.0.2.7" } },
          ...(hasAuthorizer && { authorizer: { jwt: { claims: {} } } }),
        },
      },
      context,
    );
    const body = JSON.parse(result.body ?? "{}") as Record<string, unknown>;
    return { status: result.statusCode, body, headers: result.headers ?? {} };
  }
  const inChannel = (channel: string, parts: Parts = {}): Parts => ({
    ...{ pathParameters: { channel }, ...parts },
  });

  it("says what it is", async () => {
    assert.deepEqual((await invoke("GET /", { claims: {} })).body, {
      ...{ name: "websocket-channels", defaultChannel: "test", websocketUrl: "wss://test/staging" },
    });
    for (const document of ["openapi", "asyncapi"]) {
      assert.ok(document in (await invoke(`GET /${document}.json`, { claims: {} })).body);
    }
  });

  it("publishes to the default channel, or to the one in the path", async () => {
    const { connectionId } = await connected(world.channels.table, ["test"]);
    const first = await invoke("POST /", { body: "hello" });
    assert.deepEqual([first.status, first.body.channel, first.body.delivered], [200, "test", 1]);
    assert.deepEqual(world.connections.frames.get(connectionId), ["hello"]);
    const other = await invoke(routeKeys.publish, inChannel("news", { body: "hello" }));
    assert.deepEqual([other.body.channel, other.body.delivered], ["news", 0]);
  });

  it("publishes to all but the connection that the query excludes", async () => {
    const { connectionId: exclude } = await connected(world.channels.table, ["all-but"]);
    const other = await connected(world.channels.table, ["all-but"]);
    const request = inChannel("all-but", { body: "hello", queryStringParameters: { exclude } });
    assert.equal((await invoke(routeKeys.publish, request)).body.delivered, 1);
    assert.deepEqual(world.connections.frames.get(other.connectionId), ["hello"]);
    assert.equal(world.connections.frames.get(exclude), undefined);
    for (const wrong of ["", "no id", `${exclude},${exclude}`]) {
      const refused = { body: "hello", queryStringParameters: { exclude: wrong } };
      const { status, body } = await invoke("POST /", refused);
      assert.deepEqual([status, body.code], [400, "invalid-connection"]);
    }
  });

  it("publishes once for an Idempotency-Key", async () => {
    const request = inChannel("once", { body: "hello", headers: { "idempotency-key": "key" } });
    const first = await invoke(routeKeys.publish, request);
    assert.deepEqual((await invoke(routeKeys.publish, request)).body, first.body);
    const reused = await invoke(routeKeys.publish, { ...request, body: "another" });
    assert.deepEqual([reused.status, reused.body.code], [422, "idempotency-key-reused"]);
  });

  it("reads what is kept and who is there, page by page", async () => {
    const all = [await connected(world.channels.table, ["pages"])];
    all.push(await connected(world.channels.table, ["pages"]));
    for (const body of ["one", "two"]) {
      await invoke(routeKeys.publish, inChannel("pages", { body }));
    }
    const queryStringParameters = { limit: "1" };
    const kept = await invoke(routeKeys.read, inChannel("pages", { queryStringParameters }));
    const [message] = kept.body.messages as { id: string; data: string }[];
    assert.deepEqual([message?.data, kept.body.more], ["one", true]);
    const since = { since: message?.id ?? "" };
    const rest = await invoke(routeKeys.read, inChannel("pages", { queryStringParameters: since }));
    assert.deepEqual((rest.body.messages as { data: string }[])[0]?.data, "two");

    const page = await invoke(routeKeys.discover, inChannel("pages", { queryStringParameters }));
    const [entry] = page.body.connections as { connectionId: string; connectedAt: string }[];
    const found = all.find(({ connectionId }) => connectionId === entry?.connectionId);
    const connectedAt = new Date(found?.connectedAt ?? 0).toISOString();
    assert.deepEqual(entry, { connectionId: found?.connectionId, connectedAt, protocol: "plain" });
    const cursor = { cursor: String(page.body.cursor) };
    const next = await invoke(
      routeKeys.discover,
      inChannel("pages", { queryStringParameters: cursor }),
    );
    assert.equal((next.body.connections as object[]).length, 1);
    assert.ok((await invoke(routeKeys.list)).body.channels instanceof Array);
  });

  it("shows, sends to and closes one connection", async () => {
    const { connectionId: id } = await connected(world.channels.table, ["one"]);
    const one = { pathParameters: { id } };
    assert.deepEqual((await invoke(routeKeys.show, one)).body.channels, ["one"]);
    const sent = await invoke(routeKeys.send, { ...one, body: "only you" });
    assert.deepEqual(sent.body, { connectionId: id, delivered: 1 });
    assert.equal(world.connections.frames.get(id)?.at(-1), "only you");
    status = 204;
    assert.equal((await invoke(routeKeys.close, one)).status, 204);
    status = 410;
    const gone = await invoke(routeKeys.close, one);
    assert.deepEqual([gone.status, gone.body.code], [404, "unknown-connection"]);
  });

  for (const routeKey of ["POST /", ...Object.values(routeKeys)]) {
    it(`${routeKey} is forbidden without its claim, and where no authorizer has seen a token`, async () => {
      const request = {
        pathParameters: { channel: "news", id: "L0SM9cOFvHcCIhw=" },
        body: "hello",
      };
      const others = { subscribe: ["new"], publish: ["news0"], admin: "true" };
      for (const parts of [{ claims: {} }, { claims: others }, { hasAuthorizer: false }]) {
        const { status: answered, body } = await invoke(routeKey, { ...request, ...parts });
        assert.deepEqual([answered, body.code], [403, "forbidden"]);
      }
    });
  }

  it("tells what is wrong as a problem, and of its own errors no more than that", async () => {
    const wrong = await invoke(routeKeys.publish, inChannel("no spaces", { body: "hello" }));
    assert.equal(wrong.headers["content-type"], "application/problem+json");
    assert.deepEqual([wrong.status, wrong.body.code], [400, "invalid-channel"]);
    const malformed = await invoke(routeKeys.show, { pathParameters: { id: "../a" } });
    assert.deepEqual([malformed.status, malformed.body.code], [400, "invalid-connection"]);
    const ours = await invoke("GET /nowhere");
    assert.deepEqual([ours.status, ours.body.code], [500, "internal"]);
  });
});
