import assert from "node:assert/strict";
import { once } from "node:events";
import type { WebSocket } from "ws";
import type { Throttle } from "../../../../local/gateway/throttling.ts";
import { httpFixture, returns } from "../http/http-fixture.ts";
import { nextMessage, returned, startGateway } from "../websocket/running-gateway.ts";

const refusing: Throttle = { request: () => false, handshake: () => false, callback: () => false };

describe("what API Gateway throttles", () => {
  const serve = httpFixture();

  it("is 429 for a request, and reaches no function", async () => {
    const { url, invoked } = await serve({ fn: returns("hello"), throttle: refusing });
    const response = await fetch(`${url}/staging/`);
    assert.deepEqual(
      [response.status, await response.text()],
      [429, '{"message":"Too Many Requests"}'],
    );
    assert.deepEqual(invoked, []);
  });

  describe("of a WebSocket API", () => {
    let isThrottled: boolean;
    const may = () => !isThrottled;
    const start = () =>
      startGateway({
        functions: {
          $connect: () => returned({ statusCode: 200 }),
          $default: () => returned({ statusCode: 200, body: "echo" }),
        },
        throttle: { request: may, handshake: may, callback: may },
      });
    let gateway: Awaited<ReturnType<typeof start>>;
    let socket: WebSocket;
    beforeEach(async () => {
      isThrottled = false;
      gateway = await start();
      socket = await gateway.connect();
    });
    afterEach(() => gateway.close());

    it("is 429 for a handshake, and reaches no function", async () => {
      isThrottled = true;
      const before = gateway.invocations.length;
      await assert.rejects(gateway.connect(), { message: "Unexpected server response: 429" });
      assert.equal(gateway.invocations.length, before);
    });

    it("is an error frame for a frame, and the connection stays open", async () => {
      isThrottled = true;
      const before = gateway.invocations.length;
      socket.send("hello");
      const id = gateway.connectionId();
      const frame = await nextMessage(socket);
      assert.match(frame, /^\{"message": "Too Many Requests", "connectionId":"/);
      assert.ok(frame.includes(id));
      assert.equal(gateway.invocations.length, before);
      isThrottled = false;
      socket.send("hello");
      assert.equal(await nextMessage(socket), "echo");
    });

    it("is 429 for a post, which the client does not get", async () => {
      isThrottled = true;
      const id = gateway.connectionId();
      const response = await gateway.manage("POST", id, "lost");
      assert.equal(response.status, 429);
      assert.equal(response.headers.get("x-amzn-errortype"), "LimitExceededException");
      isThrottled = false;
      const message = once(socket, "message");
      assert.equal((await gateway.manage("POST", id, "found")).status, 200);
      assert.equal(String((await message)[0]), "found");
    });
  });
});
