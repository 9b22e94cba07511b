import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { HANDSHAKE, received } from "./raw-client.ts";
import { returned, startGateway, type RunningGateway } from "./running-gateway.ts";

describe("A TCP connection to the WebSocket gateway", () => {
  let gateway: RunningGateway;
  let socket: Socket;
  let timers: number;
  beforeEach(async () => {
    gateway = await startGateway({ functions: { $connect: () => returned({ statusCode: 200 }) } });
    timers = gateway.clock.timers.size;
    const connected = gateway.clientConnected();
    socket = connect(gateway.port, "127.0.0.1");
    await connected;
  });
  afterEach(async () => {
    socket.destroy();
    await gateway.close();
  });

  const handshake = () => {
    const host = `Host: 127.0.0.1:${gateway.port}`;
    return ["GET /staging HTTP/1.1", host, ...HANDSHAKE, "", ""].join("\r\n");
  };

  for (const [what, sent] of [
    ["nothing", ""],
    ["half a handshake", "GET /staging HTTP/1.1\r\nUpgr"],
  ] as const) {
    it(`is cut off after 10 seconds with ${what}`, async () => {
      socket.write(sent);
      const closed = [once(socket, "close"), gateway.clientClosed()];
      gateway.clock.advance(10_000);
      await Promise.all(closed);
      assert.equal(gateway.clock.timers.size, timers);
    });
  }

  it("is kept if its handshake is complete by then", async () => {
    gateway.clock.advance(9_999);
    socket.write(handshake());
    assert.match(await received(socket), /^HTTP\/1\.1 101 /);
    gateway.clock.advance(1);
    assert.equal((await gateway.manage("GET", gateway.connectionId())).status, 200);
  });

  it("is kept while $connect takes its time", async () => {
    let finish: (() => void) | undefined;
    await gateway.close();
    gateway = await startGateway({
      functions: {
        $connect: async () => {
          await new Promise<void>((resolve) => (finish = resolve));
          return returned({ statusCode: 200 });
        },
      },
    });
    socket = connect(gateway.port, "127.0.0.1");
    const invoked = gateway.nextEvent("$connect");
    socket.write(handshake());
    await invoked;
    gateway.clock.advance(28_000);
    finish?.();
    assert.match(await received(socket), /^HTTP\/1\.1 101 /);
  });

  it("is kept for further requests to @connections", async () => {
    const get = [
      "GET /staging/@connections/AAAAAAAAAAAAAAA%3D HTTP/1.1",
      `Host: 127.0.0.1:${gateway.port}`,
    ];
    for (let sent = 0; sent < 2; sent++) {
      socket.write([...get, "", ""].join("\r\n"));
      assert.match(await received(socket), /^HTTP\/1\.1 410 /);
      gateway.clock.advance(10_000);
    }
  });

  it("leaves no timer behind when its client goes, or the gateway closes", async () => {
    assert.equal(gateway.clock.timers.size, timers + 1);
    const closed = gateway.clientClosed();
    socket.end();
    await closed;
    assert.equal(gateway.clock.timers.size, timers);

    const connected = gateway.clientConnected();
    socket = connect(gateway.port, "127.0.0.1");
    await connected;
    assert.equal(gateway.clock.timers.size, timers + 1);
    await gateway.closeGateway();
    assert.equal(gateway.clock.timers.size, 0);
  });
});
