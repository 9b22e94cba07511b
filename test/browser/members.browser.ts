import assert from "node:assert/strict";
import type { Server } from "node:http";
import { WebSocketServer } from "ws";
import { openAccess, tokenAccess } from "../../console/server/access.ts";
import { serveConsole } from "../../console/server/server.ts";
import { close, hostOf, listen } from "../../local/shared/listen.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { openConsole, type ConsolePage } from "./console-page.ts";

describe("members in the console, with a token that lacks its claim", function () {
  this.timeout(60_000);
  let stack: TestStack;
  let server: Server;
  let page: ConsolePage;
  const claims = { sub: "admin", subscribe: ["*"], admin: true, presence: [] as string[] };
  before(async () => {
    stack = await startTestStack({ config: { auth: "jwt" } });
    server = await listen(0, "");
    const { websocketUrl, httpUrl, issuer = assert.fail() } = stack;
    const access = tokenAccess(() => issuer.sign(claims));
    const { url } = serveConsole(server, () => ({
      name: "staging",
      websocketUrl,
      httpUrl,
      access,
    }));
    page = await openConsole(url);
  });
  after(async () => {
    await page.close();
    await close(server);
    await stack.close();
  });

  it("is refused, and the other lists of the channel are there", async () => {
    await page.fill("Channels", "news", "#clients");
    await page.press("Connect channels.v1");
    await page.until(`text(".state") === "open"`);
    await page.press("Refresh", "#channels");
    await page.press("news", "#channels");
    await page.until(
      `document.querySelectorAll('[aria-label="Connections on news"] li').length === 1`,
    );
    const refusal = "403 The token does not let you see who is on the channel news";
    await page.until(`text("#channels .notice").startsWith("${refusal}")`);
    assert.equal(await page.until(`!text("#channels").includes("Members on news")`), true);
  });

  it("is refused where the next token lacks it, and nothing is being listed any more", async () => {
    const reconnect = async () => {
      await page.press("Disconnect", ".column");
      await page.press("Reconnect", ".column");
      await page.until(`text(".state") === "open"`);
    };
    claims.presence = ["news"];
    await reconnect();
    await page.press("Subscribe Client 1 with presence");
    await page.fill("Channel for Client 1", "news");
    await page.press("Subscribe");
    await page.until(`text(".column h4") === "Members on news 1"`);
    claims.presence = [];
    await reconnect();
    await page.until(`text(".column h4") === "Members on news refused"`);
    const refusal = await page.until<string>(`text(".column .error")`);
    assert.match(refusal, /^The token does not let you see who is on the channel news/);
  });

  it("has no field for a member, who is the token's", async () => {
    assert.equal(await page.until(`!control("Member", "#clients")`), true);
  });
});

describe("members in the console, of a list in several frames", function () {
  this.timeout(30_000);
  let server: Server;
  let sockets: WebSocketServer;
  let page: ConsolePage;
  before(async () => {
    server = await listen(0, "");
    sockets = new WebSocketServer({ server });
    const target = {
      name: "staging",
      websocketUrl: `ws://${hostOf(server)}/`,
      httpUrl: `http://${hostOf(server)}/`,
      access: openAccess,
    };
    page = await openConsole(serveConsole(server, () => target).url);
  });
  after(async () => {
    await page.close();
    sockets.close();
    await close(server);
  });

  it("is read on, and shows what is known of each", async () => {
    const ann = { member: "ann", connections: 1, revision: 1, info: { age: 7 } };
    const ben = { member: "ben", connections: 2, revision: 4 };
    const counts = { channel: "news", connections: 3, total: 2 };
    const pages: Record<string, object> = {
      '{"action":"subscribe","channel":"news","presence":true}': {
        ...{ type: "subscribed", last: null, revision: 2, ...counts, members: [ann], cursor: "c" },
      },
      '{"action":"presence","channel":"news","cursor":"c","limit":1000}': {
        ...{ type: "presence", ...counts, members: [ben], cursor: null },
      },
    };
    sockets.on("connection", (socket) => {
      socket.on("message", (data: Buffer) => {
        socket.send(JSON.stringify(pages[data.toString()]));
      });
    });
    await page.press("Connect channels.v1");
    await page.press("Subscribe Client 1 with presence");
    await page.fill("Channel for Client 1", "news");
    await page.press("Subscribe");
    await page.until(`text("h4") === "Members on news 2"`);
    const members = await page.until<string>(`text(".column .list")`);
    assert.equal(members.replaceAll(/\s+/g, " "), 'ann {"age":7}ben ');
  });
});
