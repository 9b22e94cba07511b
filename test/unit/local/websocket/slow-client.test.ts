import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { frame, HANDSHAKE, received, sendRequest } from "./raw-client.ts";
import { returned, startGateway, type RunningGateway } from "./running-gateway.ts";

const text = "x".repeat(128 * 1024);

// More than the operating system takes for a connection, however large its buffers are.
const enough = 1000;

describe("A client that does not read", () => {
  let gateway: RunningGateway;
  let client: Socket;
  let id: string;
  beforeEach(async () => {
    gateway = await startGateway({
      functions: {
        $connect: () => returned({ statusCode: 200 }),
        $default: () => returned({ statusCode: 200, body: text }),
        $disconnect: () => returned({ statusCode: 200 }),
      },
    });
    client = await sendRequest(gateway.port, "/staging", HANDSHAKE);
    assert.match(await received(client), /^HTTP\/1\.1 101 /);
    client.pause();
    id = gateway.connectionId();
  });
  afterEach(async () => {
    client.destroy();
    await gateway.close();
  });

  const disconnectCode = async () => {
    const { requestContext } = await gateway.nextEvent("$disconnect");
    return "disconnectStatusCode" in requestContext && requestContext.disconnectStatusCode;
  };

  /** Posts until one is refused; returns how many were not, and the response. */
  const fill = async () => {
    for (let posted = 0; posted < enough; posted++) {
      const response = await gateway.manage("POST", id, text);
      if (response.status !== 200) return { posted, response };
    }
    return assert.fail(`${enough} posts of 128 KB are buffered.`);
  };

  it("gets posts until its buffer is full, which answers 429 then", async () => {
    const { response } = await fill();
    assert.equal(response.status, 429);
    assert.equal(response.headers.get("x-amzn-errortype"), "LimitExceededException");
    assert.deepEqual(await response.json(), {
      message: "The WebSocket client side buffer is full",
    });
    assert.equal((await gateway.manage("GET", id)).status, 200);
  });

  it("gets every post that was taken once it reads, and further ones", async () => {
    const { posted } = await fill();
    const frameBytes = 10 + text.length;
    let left = posted * frameBytes;
    client.on("data", (chunk: Buffer) => {
      left -= chunk.length;
      if (left === 0) client.emit("all read");
    });
    const allRead = once(client, "all read");
    client.resume();
    await allRead;
    assert.equal((await gateway.manage("POST", id, "hello")).status, 200);
  });

  it("is closed with 1008 if it does not read the answers to its messages", async () => {
    const code = disconnectCode();
    for (let sent = 0; sent < enough; sent++) client.write(frame(0x81, Buffer.from("hello")));
    assert.equal(await code, 1008);
  });
});
