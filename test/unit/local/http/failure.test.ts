import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { connect } from "node:net";
import { httpFixture, property, returns } from "./http-fixture.ts";

describe("failure of an HTTP API", () => {
  const serve = httpFixture();

  const malformed: [string, unknown][] = [
    ["a status in words", { statusCode: "fine" }],
    ["no status", { statusCode: null }],
    ["a status that HTTP does not have", { statusCode: 42 }],
    ["a body that is no text", { statusCode: 200, body: { a: 1 } }],
    ["headers that are no object", { statusCode: 200, headers: "x-word: one" }],
    ["a list of headers", { statusCode: 200, headers: ["x-word: one"] }],
    ["a header of many values", { statusCode: 200, headers: { "x-word": ["one", "two"] } }],
    ["a header with a line break", { statusCode: 200, headers: { "x-word": "one\r\nx: y" } }],
    ["a header with a space in its name", { statusCode: 200, headers: { "x word": "one" } }],
    ["cookies that are no list", { statusCode: 200, cookies: "a=1" }],
    ["a cookie that is no text", { statusCode: 200, cookies: [{ a: 1 }] }],
    ["a cookie with a line break", { statusCode: 200, cookies: ["a=1\r\nx: y"] }],
  ];
  for (const [what, value] of malformed) {
    it(`answers 500 where the function returns ${what}`, async () => {
      const { url } = await serve({ fn: returns(value) });
      await assertAnswer(fetch(`${url}/staging/`), 500, "Internal Server Error");
    });
  }

  it("answers 500 where the function failed", async () => {
    const { url } = await serve({
      fn: () => ({ outcome: "failed", errorType: "Error", errorMessage: "secret" }),
    });
    await assertAnswer(fetch(`${url}/staging/`), 500, "Internal Server Error");
  });

  it("answers 500 where no permission lets the API invoke the function", async () => {
    const { url } = await serve({ fn: () => ({ outcome: "denied" }) });
    await assertAnswer(fetch(`${url}/staging/`), 500, "Internal Server Error");
  });

  it("answers 500 where the function cannot be invoked", async () => {
    const { url, clock } = await serve({ fn: () => Promise.reject(new Error("No function")) });
    await assertAnswer(fetch(`${url}/staging/`), 500, "Internal Server Error");
    clock.advance(29_000);
  });

  it("answers 503 when the integration has timed out", async () => {
    const events = new EventEmitter();
    const { url, clock } = await serve({ fn: () => hanging(events) });
    const response = fetch(`${url}/staging/`);
    await once(events, "invoked");
    clock.advance(29_000);
    await assertAnswer(response, 503, "Service Unavailable");
  });

  it("waits for the function till the integration has timed out", async () => {
    const events = new EventEmitter();
    const { url, clock } = await serve({
      fn: async () => {
        setImmediate(() => events.emit("invoked"));
        await once(events, "release");
        return { outcome: "returned", value: "in time" };
      },
    });
    const response = fetch(`${url}/staging/`);
    await once(events, "invoked");
    clock.advance(28_999);
    events.emit("release");
    assert.equal(await (await response).text(), "in time");
    clock.advance(1);
  });

  it("answers 413 to a body of more than 10 MB, and invokes nothing", async () => {
    const { url, invoked } = await serve({ fn: returns("taken") });
    const post = (bytes: number) =>
      fetch(`${url}/staging/`, { method: "POST", body: Buffer.alloc(bytes) });
    const tooLarge = await post(10 * 1024 * 1024 + 1);
    assert.equal(tooLarge.status, 413);
    assert.ok(tooLarge.headers.has("apigw-requestid"));
    assert.deepEqual(invoked, []);
    assert.equal((await post(10 * 1024 * 1024)).status, 200);
  });

  for (const [what, header, before] of [
    ["announces more than 10 MB", `Content-Length: ${10 * 1024 * 1024 + 1}`, ""],
    [
      "turns out to have more than 10 MB",
      "Transfer-Encoding: chunked",
      `${(10 * 1024 * 1024 + 1).toString(16)}\r\n${"x".repeat(10 * 1024 * 1024 + 1)}`,
    ],
  ] as const) {
    it(`answers 413 to a body that ${what}, without waiting for its end, and closes`, async () => {
      const { port, clock, invoked } = await serve();
      const socket = connect(port, "127.0.0.1");
      const head = ["POST /staging/ HTTP/1.1", `Host: 127.0.0.1:${port}`, header, "", ""];
      socket.write(head.join("\r\n") + before);
      const [data] = (await once(socket, "data")) as [Buffer];
      assert.match(String(data), /^HTTP\/1\.1 413 Payload Too Large\r\n/);
      assert.match(String(data), /\r\nconnection: close\r\n/);
      assert.match(String(data), /\r\n\r\n\{"message":"Request Entity Too Large"\}$/);
      const closed = once(socket, "close");
      clock.advance(1000);
      await closed;
      assert.deepEqual(invoked, []);
    });
  }

  it("of a client that leaves before its answer is no failure of the gateway", async () => {
    const events = new EventEmitter();
    const { port, url } = await serve({
      fn: async () => {
        events.emit("invoked");
        await once(events, "release");
        return { outcome: "returned", value: "late" };
      },
    });
    const socket = connect(port, "127.0.0.1");
    socket.write(`GET /staging/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    await once(events, "invoked");
    socket.destroy();
    await once(socket, "close");
    const next = fetch(`${url}/staging/`);
    await once(events, "invoked");
    events.emit("release");
    assert.equal((await next).status, 200);
  });

  it("of a client that leaves amid its body invokes nothing", async () => {
    const { port, url, invoked } = await serve();
    const socket = connect(port, "127.0.0.1");
    const head = `POST /staging/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 9`;
    socket.write(`${head}\r\n\r\nhalf`);
    await once(socket, "connect");
    socket.destroy();
    await once(socket, "close");
    await fetch(`${url}/staging/next`);
    assert.deepEqual(
      invoked.map(({ event }) => property(event, "rawPath")),
      ["/staging/next"],
    );
  });
});

function hanging(events: EventEmitter): Promise<never> {
  events.emit("invoked");
  return new Promise(() => undefined);
}

async function assertAnswer(answer: Promise<Response>, status: number, message: string) {
  const response = await answer;
  assert.equal(response.status, status);
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.match(response.headers.get("apigw-requestid") ?? "", /^[A-Za-z0-9+/]{15}=$/);
  assert.equal(await response.text(), JSON.stringify({ message }));
}
