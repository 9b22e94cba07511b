import assert from "node:assert/strict";
import {
  returned,
  startGateway,
  type FakeFunction,
  type RunningGateway,
} from "./running-gateway.ts";

describe("A handshake with subprotocols", () => {
  let gateway: RunningGateway;
  const start = async ($connect: FakeFunction) => {
    gateway = await startGateway({ functions: { $connect } });
  };
  afterEach(() => gateway.close());

  const naming = (headers: Record<string, string>) => () => returned({ statusCode: 200, headers });

  it("negotiates the one that $connect names", async () => {
    await start(naming({ "Sec-WebSocket-Protocol": "b" }));
    const socket = await gateway.connect({ protocols: ["a", "b"] });
    assert.equal(socket.protocol, "b");
  });

  it("reads the header's name in any case", async () => {
    await start(naming({ "sec-websocket-PROTOCOL": "a" }));
    const socket = await gateway.connect({ protocols: ["a", "b"] });
    assert.equal(socket.protocol, "a");
  });

  it("negotiates none if $connect names none", async () => {
    await start(naming({}));
    await assert.rejects(gateway.connect({ protocols: ["a"] }), {
      message: "Server sent no subprotocol",
    });
  });

  it("negotiates none that the client did not offer", async () => {
    await start(naming({ "Sec-WebSocket-Protocol": "c" }));
    await assert.rejects(gateway.connect({ protocols: ["a", "b"] }), {
      message: "Server sent no subprotocol",
    });
  });

  it("sends none to a client that offers none", async () => {
    await start(naming({ "Sec-WebSocket-Protocol": "a" }));
    const socket = await gateway.connect();
    assert.equal(socket.protocol, "");
  });
});
