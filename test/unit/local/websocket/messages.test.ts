import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import type { WebSocket } from "ws";
import type { InvokeResult } from "../../../../local/shared/invoke.ts";
import {
  executionArn,
  nextMessage,
  returned,
  startGateway,
  type FakeFunction,
  type RunningGateway,
} from "./running-gateway.ts";

/** The timers of an open connection. */
const idleAndLifetime = 2;

describe("A message", () => {
  let gateway: RunningGateway;
  let socket: WebSocket;
  const start = async (functions: Record<string, FakeFunction>, oneWay: string[] = []) => {
    const $connect = () => returned({ statusCode: 200 });
    gateway = await startGateway({ functions: { $connect, ...functions }, oneWay });
    socket = await gateway.connect();
  };
  afterEach(() => gateway.close());

  const answer = (text: string) => {
    const next = nextMessage(socket);
    socket.send(text);
    return next;
  };

  it("goes to the route that it selects, in the name of that route", async () => {
    await start({ join: () => returned({ statusCode: 200, body: "joined" }) });
    assert.equal(await answer('{"action":"join"}'), "joined");
    const invocation = gateway.invocations.at(-1);
    assert.equal(invocation?.functionArn, "arn:function:join");
    assert.equal(invocation.sourceArn, `${executionArn}/staging/join`);
  });

  it("goes to $default otherwise", async () => {
    await start({
      $default: ({ requestContext }) =>
        returned({ statusCode: 200, body: requestContext.routeKey }),
    });
    assert.equal(await answer('{"action":"join"}'), "$default");
  });

  it("without a route gets the Forbidden frame, and the connection stays open", async () => {
    await start({ join: () => returned({ statusCode: 200, body: "joined" }) });
    const frame = await answer("hello");
    const [, requestId = ""] = /"requestId":"([\w-]{15}=)"/.exec(frame) ?? [];
    assert.equal(
      frame,
      `{"message": "Forbidden", "connectionId":"${gateway.connectionId()}", "requestId":"${requestId}"}`,
    );
    assert.equal(await answer('{"action":"join"}'), "joined");
  });

  const failures: [string, InvokeResult][] = [
    ["fails", { outcome: "failed", errorType: "Error", errorMessage: "no" }],
    ["may not be invoked", { outcome: "denied" }],
    ["returns an unknown key beside statusCode", returned({ statusCode: 200, Data: "hello" })],
  ];
  for (const oneWay of [false, true]) {
    for (const [title, result] of failures) {
      it(`gets the Internal server error frame from a ${oneWay ? "one" : "two"}-way route whose function ${title}`, async () => {
        await start({ $default: () => result }, oneWay ? ["$default"] : []);
        const invoked = gateway.nextEvent("$default");
        const frame = await answer("hello");
        const { connectionId, requestId } = (await invoked).requestContext;
        assert.equal(
          frame,
          `{"message": "Internal server error", "connectionId":"${connectionId}", "requestId":"${requestId}"}`,
        );
        assert.equal(socket.readyState, socket.OPEN);
      });
    }
  }

  it("gets the Internal server error frame where the function cannot be invoked", async () => {
    await start({ $default: () => Promise.reject(new Error("No function")) });
    assert.match(await answer("hello"), /^\{"message": "Internal server error", /);
    assert.equal(gateway.clock.timers.size, idleAndLifetime);
  });

  it("gets the Endpoint request timed out frame after the integration's timeout", async () => {
    await start({ $default: () => new Promise(() => undefined) });
    const invoked = gateway.nextEvent("$default");
    const frame = answer("hello");
    const { connectionId, requestId } = (await invoked).requestContext;
    gateway.clock.advance(29_000);
    assert.equal(
      await frame,
      `{"message": "Endpoint request timed out", "connectionId":"${connectionId}", "requestId":"${requestId}"}`,
    );
    assert.equal(socket.readyState, socket.OPEN);
  });

  it("is answered once only by a function that returns after the timeout", async () => {
    const gate = new EventEmitter();
    await start({
      $default: async () => {
        await once(gate, "open");
        return returned({ statusCode: 200, body: "late" });
      },
      join: () => returned({ statusCode: 200, body: "joined" }),
    });
    const invoked = gateway.nextEvent("$default");
    const frame = answer("hello");
    await invoked;
    gateway.clock.advance(29_000);
    assert.match(await frame, /timed out/);
    gate.emit("open");
    assert.equal(await answer('{"action":"join"}'), "joined");
  });

  it("gets the body of a two-way route even with status 500", async () => {
    await start({ $default: () => returned({ statusCode: 500, body: "sorry" }) });
    assert.equal(await answer("hello"), "sorry");
  });

  it("gets a body in base64 as text", async () => {
    const body = Buffer.from("grüezi").toString("base64");
    await start({ $default: () => returned({ statusCode: 200, body, isBase64Encoded: true }) });
    assert.equal(await answer("hello"), "grüezi");
  });

  for (const statusCode of [200, 301, 401, 501]) {
    it(`gets nothing from a one-way route that returns ${statusCode}`, async () => {
      await start(
        {
          $default: () => returned({ statusCode, body: "not sent" }),
          join: () => returned({ statusCode: 200, body: "joined" }),
        },
        ["$default"],
      );
      const invoked = gateway.nextEvent("$default");
      socket.send("hello");
      await invoked;
      assert.equal(await answer('{"action":"join"}'), "joined");
    });
  }

  it("does not wait for the message before it", async () => {
    const gate = new EventEmitter();
    await start({
      slow: async () => {
        await once(gate, "open");
        return returned({ statusCode: 200, body: "slow" });
      },
      fast: () => returned({ statusCode: 200, body: "fast" }),
    });
    const slow = gateway.nextEvent("slow");
    socket.send('{"action":"slow"}');
    await slow;
    assert.equal(await answer('{"action":"fast"}'), "fast");
    const last = nextMessage(socket);
    gate.emit("open");
    assert.equal(await last, "slow");
  });

  it("arrives whole through permessage-deflate", async () => {
    await start({
      $default: (event) => returned({ statusCode: 200, body: "body" in event ? event.body : "" }),
    });
    socket = await gateway.connect({ client: { perMessageDeflate: true } });
    const text = "channels ".repeat(1000);
    assert.equal(socket.extensions, "permessage-deflate");
    assert.equal(await answer(text), text);
  });
});
