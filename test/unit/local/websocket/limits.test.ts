import assert from "node:assert/strict";
import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import { frame, HANDSHAKE, received, sendRequest } from "./raw-client.ts";
import {
  closed,
  nextMessage,
  returned,
  startGateway,
  type RunningGateway,
} from "./running-gateway.ts";

const KB = 1024;

describe("The limits of a message", () => {
  let gateway: RunningGateway;
  let socket: WebSocket;
  beforeEach(async () => {
    gateway = await startGateway({
      functions: {
        $default: (event) =>
          returned({ statusCode: 200, body: "body" in event ? `${event.body.length}` : "" }),
        $disconnect: () => returned({ statusCode: 200 }),
      },
    });
    socket = await gateway.connect();
  });
  afterEach(() => gateway.close());

  const disconnectCode = async () => {
    const { requestContext } = await gateway.nextEvent("$disconnect");
    return "disconnectStatusCode" in requestContext && requestContext.disconnectStatusCode;
  };
  /** Sends one message in frames of these sizes. */
  const sendFrames = (...sizes: number[]) => {
    sizes.forEach((size, index) => {
      socket.send("x".repeat(size), { fin: index === sizes.length - 1 });
    });
  };

  it("let a frame of 32 KB through", async () => {
    const answer = nextMessage(socket);
    sendFrames(32 * KB);
    assert.equal(await answer, "32768");
  });

  it("close with 1009 on a frame of a byte more, which reaches no function", async () => {
    const close = closed(socket);
    const code = disconnectCode();
    sendFrames(32 * KB + 1);
    assert.equal((await close).code, 1009);
    assert.equal(await code, 1009);
    assert.equal(gateway.invocations.length, 1);
  });

  it("close with 1009 on a frame over 64 KB", async () => {
    const close = closed(socket);
    sendFrames(64 * KB + 1);
    assert.equal((await close).code, 1009);
  });

  it("close with 1009 on a big frame amid a message", async () => {
    const close = closed(socket);
    sendFrames(100, 32 * KB + 1, 100);
    assert.equal((await close).code, 1009);
  });

  it("let a message of 128 KB in four frames through", async () => {
    const answer = nextMessage(socket);
    sendFrames(32 * KB, 32 * KB, 32 * KB, 32 * KB);
    assert.equal(await answer, "131072");
  });

  it("close with 1009 on a message of a byte more", async () => {
    const close = closed(socket);
    const code = disconnectCode();
    sendFrames(32 * KB, 32 * KB, 32 * KB, 32 * KB, 1);
    assert.equal((await close).code, 1009);
    assert.equal(await code, 1009);
    assert.equal(gateway.invocations.length, 1);
  });

  it("count the frames that follow many small ones and pings", async () => {
    for (let sent = 0; sent < 100; sent += 1) {
      socket.ping();
      const answer = nextMessage(socket);
      socket.send("x".repeat(sent + 100));
      assert.equal(await answer, String(sent + 100));
    }
    const close = closed(socket);
    sendFrames(32 * KB + 1);
    assert.equal((await close).code, 1009);
  });

  it("let a compressed message over 32 KB through in a small frame", async () => {
    const compressing = await gateway.connect({ client: { perMessageDeflate: true } });
    const answer = nextMessage(compressing);
    compressing.send("x".repeat(100 * KB));
    assert.equal(await answer, "102400");
  });

  it("close with 1003 on a binary message, which reaches no function", async () => {
    const close = closed(socket);
    const code = disconnectCode();
    socket.send(Buffer.from("hello"));
    assert.equal((await close).code, 1003);
    assert.equal(await code, 1003);
    assert.equal(gateway.invocations.length, 1);
  });

  describe("on a raw socket", () => {
    let raw: Socket;
    beforeEach(async () => {
      raw = await sendRequest(gateway.port, "/staging", HANDSHAKE);
      assert.match(await received(raw), /^HTTP\/1\.1 101 /);
      raw.setNoDelay(true);
    });
    afterEach(() => raw.destroy());

    /** Writes a text frame in pieces of this size, each of which may reach the gateway on its own. */
    const sendInPieces = async (payload: string, size: number) => {
      const bytes = frame(0x81, Buffer.from(payload));
      for (let at = 0; at < bytes.length; at += size) {
        await new Promise((resolve) => raw.write(bytes.subarray(at, at + size), resolve));
      }
    };

    it("follow a header that comes byte by byte", async () => {
      const message = gateway.nextEvent("$default");
      await sendInPieces("x".repeat(200), 1);
      await message;
      const code = disconnectCode();
      raw.write(frame(0x81, Buffer.alloc(32 * KB + 1)).subarray(0, 8));
      assert.equal(await code, 1009);
    });

    it("close as soon as a frame announces too much", async () => {
      const answer = received(raw);
      raw.write(frame(0x81, Buffer.alloc(0x10000)).subarray(0, 14));
      assert.equal(await answer, String(Buffer.from([0x88, 2, 0x03, 0xf1])));
    });

    it("find the second frame in one write", async () => {
      const code = disconnectCode();
      raw.write(
        Buffer.concat([frame(0x89, Buffer.from("hi")), frame(0x81, Buffer.alloc(40 * KB))]),
      );
      assert.equal(await code, 1009);
    });
  });
});
