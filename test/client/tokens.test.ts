import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { DeleteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { WebSocket } from "ws";
import { connect, type Channels, type Options } from "../../client/index.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { clientWith, ManualTimers } from "./manual-timers.ts";
import { inState, socketClass } from "./support.ts";

describe("a client of a stack with auth jwt", () => {
  let stack: TestStack;
  const clients: Channels[] = [];
  const { Class, sockets } = socketClass();
  before(async () => {
    stack = await startTestStack({ config: { auth: "jwt" } });
  });
  after(async () => {
    for (const client of clients) client.close();
    await stack.close();
  });

  const sign = (claims: Record<string, unknown> = { subscribe: "*", publish: "*" }) =>
    stack.issuer?.sign(claims) ?? assert.fail();
  const open = (options: Options, { connect: how } = { connect }) => {
    const client = how(stack.websocketUrl, {
      ...{ WebSocket: Class, retryMilliseconds: [1, 10], http: stack.httpUrl },
      ...options,
    });
    clients.push(client);
    return client;
  };

  it("connects with a token, and may do what that says", async () => {
    const client = open({ token: () => sign({ subscribe: "news" }) });
    const news = client.subscribe("news");
    const sport = client.subscribe("sport");
    await assert.rejects(sport.ready, { code: "forbidden" });
    await news.ready;
    await assert.rejects(news.publish("hello"), { code: "forbidden" });
    assert.equal(client.state, "connected");
  });

  it("fails where its token is refused, says what to do, and does not try again", async () => {
    let asked = 0;
    const client = open({ token: () => `${asked++}.of.another` });
    const news = client.subscribe("news");
    await inState(client, "failed");
    const refused = { code: "refused", message: /return a valid one/ };
    await assert.rejects(news.ready, refused);
    await assert.rejects(news.publish("hello"), refused);
    assert.equal(asked, 1);
  });

  it("fails where it has none", async () => {
    await inState(open({}), "failed");
  });

  it("fails where its token has ended, also if it cannot ask why", async () => {
    const token = await sign({ exp: Math.floor(Date.now() / 1000) - 60 });
    const client = connect(stack.websocketUrl, { WebSocket: Class, token: () => token });
    await inState(client, "failed");
  });

  it("tries on while it cannot get a token, and says what was in the way", async () => {
    let tries = 0;
    const client = open({
      token() {
        if (++tries < 3) throw new Error("The issuer is away.");
        return sign();
      },
    });
    const errors: unknown[] = [];
    client.addEventListener("statechange", () => errors.push(client.error?.message));
    await client.subscribe("news").ready;
    assert.ok(errors.includes("The issuer is away."));
    assert.equal(client.error, undefined);
  });

  it("moves to a new connection with a new token before the old one ends", async () => {
    const timers = new ManualTimers();
    const now = Math.floor(Date.now() / 1000);
    let tokens = 0;
    const client = open(
      {
        // By its own clock, which begins at 0; the stack has another.
        token: () => sign({ subscribe: "*", exp: now + 3_600 * ++tokens }),
        pingMilliseconds: 1e9,
      },
      await clientWith(timers),
    );
    timers.advance(now * 1000);
    await client.subscribe("news").ready;
    const [first] = [...sockets].slice(-1) as [WebSocket];
    const ended = new Promise((resolve) => first.once("close", resolve));
    // It sets its timer in a turn of its own.
    await setImmediate();
    timers.advance(3_599_000);
    await ended;
    assert.deepEqual([tokens, client.state], [2, "connected"]);
  });

  it("connects anew where the stack has forgotten its connection, which is open and deaf", async () => {
    const client = open({ token: () => sign() });
    await client.subscribe("news").ready;
    const [socket] = [...sockets].slice(-1);
    const ended = new Promise((resolve) => socket?.once("close", resolve));
    const table = new DynamoDBClient(stack.dynamoDb);
    const TableName = String(stack.outputs.tableName);
    for (const item of await stack.items()) {
      const [pk = "", sk = ""] = item.split(" ");
      const Key = { pk: { S: pk }, sk: { S: sk } };
      if (sk === "connection") await table.send(new DeleteItemCommand({ TableName, Key }));
    }
    table.destroy();
    await client.subscribe("sport").ready;
    await ended;
    assert.equal(client.state, "connected");
  });
});
