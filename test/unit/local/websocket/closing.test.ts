import assert from "node:assert/strict";
import { once } from "node:events";
import type { WebSocket } from "ws";
import { HANDSHAKE, received, sendRequest } from "./raw-client.ts";
import {
  closed,
  executionArn,
  returned,
  startGateway,
  type RunningGateway,
} from "./running-gateway.ts";

describe("A connection that ends", () => {
  let gateway: RunningGateway;
  let socket: WebSocket;
  const ok = () => returned({ statusCode: 200, body: "" });
  beforeEach(async () => {
    gateway = await startGateway({
      functions: { $connect: ok, $disconnect: ok, $default: ok },
    });
    socket = await gateway.connect();
  });
  afterEach(() => gateway.close());

  /** Resolves to the code and the reason in the event of the next $disconnect. */
  const disconnected = async () => {
    const { requestContext } = await gateway.nextEvent("$disconnect");
    assert("disconnectStatusCode" in requestContext);
    return [requestContext.disconnectStatusCode, requestContext.disconnectReason];
  };

  it("invokes $disconnect in the name of its route", async () => {
    const disconnect = gateway.nextEvent("$disconnect");
    socket.close();
    await disconnect;
    const invocation = gateway.invocations.at(-1);
    assert.equal(invocation?.functionArn, "arn:function:$disconnect");
    assert.equal(invocation.sourceArn, `${executionArn}/staging/$disconnect`);
  });

  it("reports the code and reason of the client's close frame", async () => {
    const disconnect = disconnected();
    socket.close(4001, "enough");
    assert.deepEqual(await disconnect, [4001, "enough"]);
  });

  it("reports 1005 for a client's close frame without a code", async () => {
    const disconnect = disconnected();
    socket.close();
    assert.deepEqual(await disconnect, [1005, "Client-side close frame status not set"]);
  });

  it("reports 1006 for a TCP connection that is gone", async () => {
    const disconnect = disconnected();
    socket.terminate();
    const [code] = await disconnect;
    assert.equal(code, 1006);
  });

  it("reports 1006 for a TCP connection that is reset", async () => {
    const raw = await sendRequest(gateway.port, "/staging", HANDSHAKE);
    await received(raw);
    const disconnect = disconnected();
    raw.resetAndDestroy();
    const [code] = await disconnect;
    assert.equal(code, 1006);
  });

  it("has left @connections before $disconnect is invoked", async () => {
    const disconnect = gateway.nextEvent("$disconnect");
    socket.close();
    const { requestContext } = await disconnect;
    const response = await gateway.manage("POST", requestContext.connectionId, "hello");
    assert.equal(response.status, 410);
  });

  it("is closed with 1000 by DELETE, and $disconnect says so", async () => {
    const disconnect = disconnected();
    const close = closed(socket);
    assert.equal((await gateway.manage("DELETE", gateway.connectionId())).status, 204);
    assert.equal((await close).code, 1000);
    assert.deepEqual(await disconnect, [1000, "Connection Closed Normally"]);
  });

  it("invokes $disconnect once when both sides close at the same time", async () => {
    const disconnect = disconnected();
    const closing = once(socket, "close");
    const response = gateway.manage("DELETE", gateway.connectionId());
    socket.close(4001);
    await Promise.all([response, closing, disconnect]);
    await gateway.connect();
    const disconnects = gateway.invocations.filter(
      ({ functionArn }) => functionArn === "arn:function:$disconnect",
    );
    assert.equal(disconnects.length, 1);
  });

  it("is closed with 1001 after 10 minutes without a message", async () => {
    const close = closed(socket);
    const disconnect = disconnected();
    gateway.clock.advance(10 * 60_000 - 1);
    assert.equal((await gateway.manage("GET", gateway.connectionId())).status, 200);
    gateway.clock.advance(1);
    assert.deepEqual(await close, { code: 1001, reason: "Going away" });
    assert.deepEqual(await disconnect, [1001, "Going away"]);
  });

  it("has 10 minutes more after a message of the client", async () => {
    gateway.clock.advance(9 * 60_000);
    const message = gateway.nextEvent("$default");
    socket.send("hello");
    await message;
    // While this is answered the function returns: a timeout's error frame would be a message too.
    assert.equal((await gateway.manage("GET", gateway.connectionId())).status, 200);
    gateway.clock.advance(10 * 60_000 - 1);
    assert.equal((await gateway.manage("GET", gateway.connectionId())).status, 200);
    const close = closed(socket);
    gateway.clock.advance(1);
    assert.equal((await close).code, 1001);
  });

  it("has 10 minutes more after a message to the client", async () => {
    gateway.clock.advance(9 * 60_000);
    await gateway.manage("POST", gateway.connectionId(), "hello");
    gateway.clock.advance(10 * 60_000 - 1);
    assert.equal((await gateway.manage("GET", gateway.connectionId())).status, 200);
    const close = closed(socket);
    gateway.clock.advance(1);
    assert.equal((await close).code, 1001);
  });

  it("is closed with 1001 after 2 hours, however busy", async () => {
    const id = gateway.connectionId();
    const close = closed(socket);
    const disconnect = disconnected();
    for (let minutes = 0; minutes < 115; minutes += 5) {
      gateway.clock.advance(5 * 60_000);
      assert.equal((await gateway.manage("POST", id, "hello")).status, 200);
    }
    gateway.clock.advance(5 * 60_000 - 1);
    assert.equal((await gateway.manage("GET", id)).status, 200);
    gateway.clock.advance(1);
    assert.deepEqual(await close, { code: 1001, reason: "Going away" });
    assert.deepEqual(await disconnect, [1001, "Going away"]);
  });
});
