import assert from "node:assert/strict";
import type { IncomingMessage, Server } from "node:http";
import { text } from "node:stream/consumers";
import { close, hostOf, listen } from "../../../../local/shared/listen.ts";
import { startConsole, type RunningConsole } from "./running-console.ts";

describe("the console's server", () => {
  let stack: Server;
  let running: RunningConsole;
  /** What has reached the stack. */
  let reached: { method: string; url: string; type: string | undefined; body: string }[];
  beforeEach(async () => {
    reached = [];
    stack = await listen(0, "");
    stack.on("request", (request: IncomingMessage, response) => {
      const { method = "", url = "", headers } = request;
      void text(request).then((body) => {
        reached.push({ method, url, type: headers["content-type"], body });
        response
          .writeHead(202, { location: "/staging/report", "x-other": "1" })
          .end('{"id":"a-1"}');
      });
    });
    running = await startConsole({ httpUrl: `http://${hostOf(stack)}/staging/` });
  });
  afterEach(async () => {
    await running.close();
    await close(stack);
  });

  it("tells the page which stack it is", async () => {
    const { body } = await running.send("GET", "/api/stack");
    assert.deepEqual(JSON.parse(body), {
      name: "staging",
      websocketUrl: "ws://127.0.0.1:3001/staging",
      httpUrl: `http://${hostOf(stack)}/staging/`,
      auth: "none",
      isLocal: false,
    });
  });

  it("sends a request on to the stack's HTTP API, and its answer back", async () => {
    const type = "application/json";
    const path = "/api/http/channels/a%3Ab/messages?limit=2";
    const answer = await running.send("POST", path, { "content-type": type }, '{"price": 3}');
    const url = "/staging/channels/a%3Ab/messages?limit=2";
    assert.deepEqual(reached, [{ method: "POST", url, type, body: '{"price": 3}' }]);
    assert.equal(answer.status, 202);
    assert.equal(answer.body, '{"id":"a-1"}');
    assert.equal(answer.headers.location, "/staging/report");
    assert.equal(answer.headers["x-other"], undefined);
  });

  it("sends nothing on to what is not the stage of this API", async () => {
    for (const path of ["../other/", "..%2f../other", "../../", "..//other.example/"]) {
      const { status } = await running.send("GET", `/api/http/${path}`);
      assert.ok(status === 400 || reached.every(({ url }) => url.startsWith("/staging/")), path);
    }
    assert.equal((await running.send("GET", "/api/http/../other/")).status, 400);
  });

  it("says that the stack cannot be reached", async () => {
    await running.close();
    running = await startConsole();
    const { status, body } = await running.send("GET", "/api/http/");
    assert.equal(status, 502);
    assert.match(body, /^\{"message":"fetch failed: /);
  });

  it("says how to connect a client of each kind", async () => {
    const ask = async (value: unknown) =>
      (await running.send("POST", "/api/handshake", {}, JSON.stringify(value))).body;
    const url = "ws://127.0.0.1:3001/staging";
    assert.deepEqual(JSON.parse(await ask({ channels: ["a", "b:c"], protocol: "plain" })), {
      url: `${url}?channel=a&channel=b%3Ac`,
      protocols: [],
    });
    assert.deepEqual(JSON.parse(await ask({ channels: [], protocol: "channels.v1" })), {
      url,
      protocols: ["channels.v1"],
    });
    const asMember = { channels: ["a"], protocol: "plain", member: "ann&channel=b" };
    assert.deepEqual(JSON.parse(await ask(asMember)), {
      url: `${url}?channel=a&member=ann%26channel%3Db`,
      protocols: [],
    });
    for (const wrong of [
      {},
      { channels: "a", protocol: "plain" },
      { channels: [], protocol: "x" },
      { channels: [], protocol: "plain", member: ["ann"] },
    ]) {
      assert.match(await ask(wrong), /^\{"message":"A handshake takes /);
    }
  });

  it("serves the page, its script and its style, and nothing else", async () => {
    const types = await Promise.all(
      ["/", "/main.js", "/style.css", "/icon.svg"].map(async (path) => {
        const { status, headers, body } = await running.send("GET", path);
        assert.equal(status, 200);
        assert.ok(body.length > 100, path);
        return headers["content-type"];
      }),
    );
    assert.deepEqual(types, [
      "text/html; charset=utf-8",
      "text/javascript; charset=utf-8",
      "text/css; charset=utf-8",
      "image/svg+xml",
    ]);
    for (const path of ["/app.tsx", "/../package.json", "/api/events", "/api/faults"]) {
      assert.equal((await running.send("GET", path)).status, 404, path);
    }
  });
});
