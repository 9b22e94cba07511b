import assert from "node:assert/strict";
import type {
  WebSocketEvent,
  WebSocketResult,
} from "../../../handlers/protocol/websocket-event.ts";
import type { handler as websocketHandler } from "../../../handlers/websocket.ts";
import { findChannel } from "../../../handlers/store/channel.ts";
import { findConnection } from "../../../handlers/store/connection.ts";
import { listSubscribers } from "../../../handlers/store/directory.ts";
import { newId } from "../../../local/websocket/id.ts";
import { connected } from "../../support/connected.ts";
import { context, openFunctionWorld, type FunctionWorld } from "../../support/function-world.ts";

describe("the websocket function", () => {
  let world: FunctionWorld;
  let handler: typeof websocketHandler;
  let id: string;
  before(async () => {
    world = await openFunctionWorld(() => 200);
    ({ handler } = await import("../../../handlers/websocket.ts"));
  });
  after(() => world.close());
  beforeEach(() => {
    id = newId();
  });

  const now = () => Math.floor(Date.now() / 1000);
  const invoke = (
    routeKey: string,
    { body, headers, channel, echo, ...claims }: Parts = {},
  ): Promise<WebSocketResult> =>
    handler(
      {
        requestContext: {
          ...{ routeKey, eventType: "MESSAGE", connectionId: id, connectedAt: Date.now() },
          ...{ requestId: "gateway's", identity: { sourceIp: "192.0.2.7" } },
          authorizer: { subscribe: "*", publish: "*", expiresAt: String(now() + 60), ...claims },
        },
        ...(body !== undefined && { body }),
        ...(headers && { headers }),
        ...((channel ?? echo) && {
          multiValueQueryStringParameters: { ...(channel && { channel }), ...(echo && { echo }) },
        }),
      },
      context,
    );
  type Parts = Pick<WebSocketEvent, "body" | "headers"> & {
    channel?: string[];
    echo?: string[];
  } & Partial<Record<"subscribe" | "publish" | "expiresAt", string>>;
  /** The channels in which the connection has a row. */
  const channelsOf = async () => {
    const items = await world.channels.items(id);
    return items.flatMap((item) => /^channel#(.*)#0 /.exec(item)?.[1] ?? []);
  };
  const errorOf = ({ body = "" }: WebSocketResult) => {
    const { type, code } = JSON.parse(body) as Record<string, unknown>;
    return [type, code];
  };

  it("puts a client on the channels that it names, each once, or on the default channel", async () => {
    assert.deepEqual(await invoke("$connect", { channel: ["news", "sport", "news"] }), {
      statusCode: 200,
    });
    assert.deepEqual(await channelsOf(), ["news", "sport"]);
    id = newId();
    await invoke("$connect");
    assert.deepEqual(await channelsOf(), ["test"]);
  });

  it("selects channels.v1 where it is offered, and never a token", async () => {
    const offer = (value: string) =>
      invoke("$connect", { headers: { "Sec-WebSocket-Protocol": value } });
    const { headers } = await offer("bearer.a.b.c, channels.v1");
    assert.deepEqual(headers, { "Sec-WebSocket-Protocol": "channels.v1" });
    assert.deepEqual(await offer("bearer.a.b.c"), { statusCode: 200 });
  });

  it("notes on a client's items that it wants no echo, and on those of no other", async () => {
    for (const [echo, noted] of [
      [["false"], false],
      [["true"], undefined],
      [undefined, undefined],
    ] as const) {
      id = newId();
      await invoke("$connect", { channel: ["quiet"], ...(echo && { echo: [...echo] }) });
      const { table } = world.channels;
      const channel = await findChannel(table, "quiet");
      const { entries } = await listSubscribers(table, channel, { limit: 10, cursor: undefined });
      const row = entries.find(({ connectionId }) => connectionId === id);
      assert.deepEqual([row?.echo, (await findConnection(table, id))?.echo], [noted, noted]);
    }
  });

  it("gives a client that wants no echo others' messages, also on a channel of later", async () => {
    await invoke("$connect", { channel: [""], echo: ["false"] });
    await invoke("subscribe", { body: '{"channel":"later"}' });
    await invoke("publish", { body: '{"channel":"later","data":"own"}' });
    const own = id;
    ({ connectionId: id } = await connected(world.channels.table, ["later"]));
    await invoke("publish", { body: '{"channel":"later","data":"other\'s"}' });
    assert.deepEqual(world.connections.frames.get(own), ["other's"]);
  });

  it("refuses a handshake by its status alone, and writes nothing of it", async () => {
    const many = Array.from({ length: 101 }, (_, index) => `many-${index}`);
    const refusals: [Parts, number][] = [
      [{ channel: ["news", "no spaces"] }, 400],
      [{ channel: many }, 409],
      [{ channel: ["news"], echo: ["no"] }, 400],
      [{ channel: ["news"], echo: [""] }, 400],
      [{ channel: ["news", "secret"], subscribe: "news" }, 403],
      [{ subscribe: "news", publish: "test" }, 403],
      [{ expiresAt: String(now()) }, 403],
    ];
    for (const [parts, statusCode] of refusals) {
      assert.deepEqual(await invoke("$connect", parts), { statusCode });
      assert.deepEqual(await world.channels.items(id), []);
    }
  });

  it("forgets a client that disconnects", async () => {
    await invoke("$connect", { channel: ["news"] });
    assert.deepEqual(await invoke("$disconnect", { expiresAt: "0" }), { statusCode: 200 });
    assert.deepEqual(await world.channels.items(id), []);
  });

  it("echoes what a plain client sends, and tells a channels.v1 client what to send", async () => {
    ({ connectionId: id } = await connected(world.channels.table, ["news"]));
    assert.deepEqual(await invoke("$default", { body: "hello" }), {
      statusCode: 200,
      body: "hello",
    });
    const json = { protocol: "channels.v1" } as const;
    ({ connectionId: id } = await connected(world.channels.table, ["news"], json));
    const result = await invoke("$default", { body: "hello" });
    assert.deepEqual(errorOf(result), ["error", "unknown-action"]);
    assert.match(result.body ?? "", /: history, ping, presence, publish, subscribe, unsubscribe\./);
  });

  it("does an action, and says what is wrong with one", async () => {
    ({ connectionId: id } = await connected(world.channels.table, ["news"]));
    assert.deepEqual(await invoke("ping", { body: "{}" }), {
      ...{ statusCode: 200, body: '{"type":"pong"}' },
    });
    const body = '{"channel":"secret"}';
    for (const [routeKey, parts, code] of [
      ["subscribe", { body, subscribe: "news" }, "forbidden"],
      ["publish", { body: '{"channel":"news"}' }, "invalid-data"],
      ["subscribe", { body: "{'action':1}" }, "invalid-json"],
      ["subscribe", { body: "null" }, "invalid-channel"],
      ["dance", { body: "{}" }, "internal"],
    ] as const) {
      const result = await invoke(routeKey, parts);
      assert.deepEqual([result.statusCode, ...errorOf(result)], [200, "error", code]);
    }
  });

  it("tells a client whose token has expired, and closes it, whatever it sends", async () => {
    for (const routeKey of ["$default", "ping"]) {
      ({ connectionId: id } = await connected(world.channels.table, ["news"]));
      const expired = { body: "{}", expiresAt: String(now()) };
      assert.deepEqual(await invoke(routeKey, expired), { statusCode: 200 });
      const [told = ""] = world.connections.frames.get(id) ?? [];
      assert.match(told, /"code":"token-expired"/);
      assert.deepEqual(await world.channels.items(id), []);
    }
  });
});
