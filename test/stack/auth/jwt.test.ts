import assert from "node:assert/strict";
import type { Issuer } from "../../../local/iam/issuer.ts";
import { wrongTokens } from "../../support/tokens.ts";
import { Client } from "../../support/client.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { answerTo, assertUnchanged, requests, type Wanted } from "./requests.ts";

describe("a stack with auth jwt", () => {
  let stack: TestStack;
  let sign: Issuer["sign"];
  let wrong: Record<string, string>;
  before(async () => {
    stack = await startTestStack({ config: { auth: "jwt" } });
    const { issuer = assert.fail() } = stack;
    sign = (claims) => issuer.sign(claims);
    wrong = await wrongTokens(issuer, Math.floor(Date.now() / 1000));
  });
  after(() => stack.close());

  const bearer = (token: string) => () => ({ authorization: `Bearer ${token}` });
  const connect = (token: string, query = "") =>
    Client.connect(stack.websocketUrl + query, ["channels.v1", `bearer.${token}`]);
  const refused = (status: number) => ({ message: `Unexpected server response: ${status}` });

  it("refuses handshakes without a token, or with a wrong one, by 401", async () => {
    await assertUnchanged(stack, async () => {
      await assert.rejects(Client.connect(stack.websocketUrl), refused(401));
      await assert.rejects(Client.connect(stack.websocketUrl, ["channels.v1"]), refused(401));
      for (const [what, token] of Object.entries(wrong)) {
        await assert.rejects(connect(token), refused(401), what);
        const url = `${stack.websocketUrl}?token=${token}`;
        await assert.rejects(Client.connect(url), refused(401), what);
      }
    });
  });

  it("refuses every request without a token, or with a wrong one, by 401", async () => {
    await assertUnchanged(stack, async () => {
      for (const [line] of requests) {
        const unauthorized = '401 {"message":"Unauthorized"}';
        assert.equal(await answerTo(stack, line, () => ({})), unauthorized, line);
        for (const [what, token] of Object.entries(wrong)) {
          assert.equal(await answerTo(stack, line, bearer(token)), unauthorized, `${line} ${what}`);
        }
      }
    });
  });

  const roles: [claims: Record<string, unknown>, granted: Wanted[]][] = [
    [{}, ["nothing"]],
    [{ subscribe: ["test"] }, ["nothing", "subscribe"]],
    [{ publish: "news te*" }, ["nothing", "publish"]],
    [{ subscribe: ["news"], publish: ["tes"], admin: "yes" }, ["nothing"]],
    [{ presence: ["test"] }, ["nothing", "presence"]],
    [{ admin: true }, ["nothing", "admin"]],
    [
      { subscribe: ["*"], publish: ["*"], admin: true },
      ["nothing", "subscribe", "publish", "admin"],
    ],
  ];
  for (const [claims, granted] of roles) {
    it(`grants a request what ${JSON.stringify(claims)} names, and refuses the others by 403`, async () => {
      const token = await sign(claims);
      for (const [line, wanted, status] of requests) {
        const ask = async () => {
          const answer = await answerTo(stack, line, bearer(token));
          const expected = granted.includes(wanted) ? `${status}` : '403 {"title":"Forbidden"';
          assert.equal(answer.slice(0, expected.length), expected, line);
        };
        if (granted.includes(wanted)) await ask();
        else await assertUnchanged(stack, ask);
      }
    });
  }

  it("refuses handshakes to a channel that the token does not name, by 403", async () => {
    const token = await sign({ subscribe: ["news", "room-*"] });
    await assertUnchanged(stack, async () => {
      await assert.rejects(connect(token), refused(403));
      await assert.rejects(connect(token, "?channel=news&channel=sport"), refused(403));
    });
    for (const query of ["?channel=news&channel=room-1", "?channel=room-"]) {
      const client = await connect(token, query);
      assert.equal(client.socket.protocol, "channels.v1");
      await client.close();
    }
  });

  it("takes the token as ?token= too, and selects no subprotocol that was not offered", async () => {
    const token = await sign({ subscribe: ["test"] });
    const client = await Client.connect(`${stack.websocketUrl}?token=${token}`);
    assert.equal(client.socket.protocol, "");
    assert.equal(await client.ask("hello"), "hello");
    await client.close();
    const alone = Client.connect(stack.websocketUrl, [`bearer.${token}`]);
    await assert.rejects(alone, { message: "Server sent no subprotocol" });
  });

  it("holds every action against the claims, and leaves nothing of one that it refuses", async () => {
    const token = await sign({ subscribe: ["news", "room-*"], publish: ["room-*"] });
    const client = await connect(token, "?channel=news");
    const typeOf = async (frame: unknown) => {
      const reply = JSON.parse(await client.ask(frame)) as { type: string; code?: string };
      return reply.code ?? reply.type;
    };
    for (const [action, channel, expected] of [
      ["subscribe", "room-1", "subscribed"],
      ["history", "room-1", "history"],
      ["unsubscribe", "room-1", "unsubscribed"],
      ["publish", "room-2", "published"],
      ["subscribe", "news", "subscribed"],
      ["unsubscribe", "sport", "unsubscribed"],
    ]) {
      assert.equal(await typeOf({ action, channel, data: "text" }), expected);
    }
    await assertUnchanged(stack, async () => {
      for (const [action, channel] of [
        ["subscribe", "sport"],
        ["subscribe", "room"],
        ["subscribe", "my-room-1"],
        ["history", "sport"],
        ["publish", "news"],
        ["publish", "Room-1"],
      ]) {
        assert.equal(await typeOf({ action, channel, data: "text" }), "forbidden");
      }
    });
    assert.equal(await typeOf({ action: "ping" }), "pong");
    assert.equal(await typeOf("hello"), "unknown-action");
    await client.close();
  });

  it("ends a connection with its token: nothing more is delivered, and the next frame is the last", async () => {
    const exp = Math.floor(Date.now() / 1000) + 2;
    const client = await connect(await sign({ subscribe: ["ending"], exp }), "?channel=ending");
    // The token expires by itself: until then, a ping is answered.
    let frame = await client.ask({ action: "ping" });
    while (frame === '{"type":"pong"}') frame = await client.ask({ action: "ping" });
    assert.match(frame, /^\{"type":"error","code":"token-expired",/);
    const [code] = await client.closed;
    assert.equal(code, 1000);

    const other = await sign({ publish: ["*"] });
    const url = `${stack.httpUrl}channels/ending/messages`;
    const headers = { authorization: `Bearer ${other}` };
    const response = await fetch(url, { method: "POST", body: "late", headers });
    const { delivered, gone } = (await response.json()) as Record<string, number>;
    assert.deepEqual({ delivered, gone }, { delivered: 0, gone: 0 });
  });

  it("takes the tokens of a new key at once", async () => {
    const own = await startTestStack({ config: { auth: "jwt" } });
    const { issuer = assert.fail() } = own;
    const statusOf = (token: string) => answerTo(own, "GET ", bearer(token));
    assert.equal(await statusOf(await issuer.sign({})), "200");
    await issuer.rotate();
    assert.equal(await statusOf(await issuer.sign({})), "200");
    await Client.connect(`${own.websocketUrl}?token=${await issuer.sign({ subscribe: "test" })}`);
    await own.close();
  });
});
