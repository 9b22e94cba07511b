import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { HANDSHAKE, sendRequest } from "./raw-client.ts";
import { returned, startGateway, type RunningGateway } from "./running-gateway.ts";

describe("A client that vanishes while $connect runs", () => {
  let gateway: RunningGateway;
  afterEach(() => gateway.close());

  const vanish = async (statusCode: number) => {
    const gate = new EventEmitter();
    gateway = await startGateway({
      functions: {
        $connect: async () => {
          await once(gate, "open");
          return returned({ statusCode });
        },
        $disconnect: () => returned({ statusCode: 200 }),
      },
    });
    const release = () => gate.emit("open");
    const connect = gateway.nextEvent("$connect");
    const socket = await sendRequest(gateway.port, "/staging", HANDSHAKE);
    const event = await connect;
    const gone = gateway.clientEnded();
    socket.destroy();
    await gone;
    return { event, release };
  };

  it("leaves no connection, and $disconnect is invoked", async () => {
    const { event, release } = await vanish(200);
    const disconnect = gateway.nextEvent("$disconnect");
    release();
    const { requestContext } = await disconnect;
    assert.equal(requestContext.connectionId, event.requestContext.connectionId);
    assert("disconnectStatusCode" in requestContext);
    assert.equal(requestContext.disconnectStatusCode, 1006);
    const response = await gateway.manage("GET", requestContext.connectionId);
    assert.equal(response.status, 410);
  });

  it("gets no $disconnect if $connect refused", async () => {
    const { release } = await vanish(401);
    release();
    await gateway.manage("GET", gateway.connectionId());
    assert.equal(gateway.invocations.length, 1);
  });
});
