import assert from "node:assert/strict";
import { once } from "node:events";
import { HANDSHAKE, received, sendRequest } from "./raw-client.ts";
import {
  closed,
  nextMessage,
  returned,
  startGateway,
  type RunningGateway,
} from "./running-gateway.ts";

describe("The WebSocket gateway", () => {
  let gateway: RunningGateway;
  afterEach(() => gateway.close());
  const ok = () => returned({ statusCode: 200 });

  it("closes every client with 1001, and invokes nothing any more", async () => {
    gateway = await startGateway({ functions: { $connect: ok, $disconnect: ok } });
    const sockets = [await gateway.connect(), await gateway.connect()];
    const closures = Promise.all(sockets.map(closed));
    await gateway.closeGateway();
    const goingAway = { code: 1001, reason: "Going away" };
    assert.deepEqual(await closures, [goingAway, goingAway]);
    assert.equal(gateway.invocations.length, 2);
  });

  it("ends a client that does not answer the close frame", async () => {
    gateway = await startGateway();
    const raw = await sendRequest(gateway.port, "/staging", HANDSHAKE);
    await received(raw);
    const ended = once(raw, "close");
    const closing = gateway.closeGateway();
    gateway.clock.advance(1000);
    await Promise.all([closing, ended]);
  });

  it("ends a handshake whose $connect is still running", async () => {
    gateway = await startGateway({ functions: { $connect: () => new Promise(() => undefined) } });
    const connect = gateway.nextEvent("$connect");
    const refused = assert.rejects(gateway.connect(), /socket hang up/);
    await connect;
    await gateway.closeGateway();
    await refused;
  });

  it("leaves no timer behind, whatever was under way", async () => {
    const never = () => new Promise<never>(() => undefined);
    gateway = await startGateway({ functions: { $connect: ok, $default: never } });
    const socket = await gateway.connect();
    const message = gateway.nextEvent("$default");
    socket.send("hello");
    await message;
    await gateway.closeGateway();
    assert.equal(gateway.clock.timers.size, 0);
  });

  it("closes without clients", async () => {
    gateway = await startGateway();
    await gateway.closeGateway();
  });

  it("serves 2,000 clients", async () => {
    gateway = await startGateway({
      functions: {
        $connect: ok,
        $disconnect: ok,
        $default: (event) => returned({ statusCode: 200, body: "body" in event ? event.body : "" }),
      },
    });
    const sockets = [];
    while (sockets.length < 2000) {
      const batch = Array.from({ length: 100 }, () => gateway.connect());
      sockets.push(...(await Promise.all(batch)));
    }
    const answers = sockets.map(nextMessage);
    sockets.forEach((socket, index) => {
      socket.send(String(index));
    });
    assert.deepEqual(await Promise.all(answers), Array.from(sockets.keys(), String));
    const closures = Promise.all(sockets.map(closed));
    await gateway.closeGateway();
    assert((await closures).every(({ code }) => code === 1001));
  });
});
