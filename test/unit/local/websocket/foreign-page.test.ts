import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { HANDSHAKE, received, sendRequest } from "./raw-client.ts";
import { returned, startGateway, type RunningGateway } from "./running-gateway.ts";

describe("A page of another site", () => {
  let gateway: RunningGateway;
  beforeEach(async () => {
    gateway = await startGateway({ functions: { $connect: () => returned({ statusCode: 200 }) } });
  });
  afterEach(() => gateway.close());

  /** All that comes back to a handshake that is refused. */
  const refused = async (...headers: string[]) => {
    const socket = await sendRequest(gateway.port, "/staging", [...HANDSHAKE, ...headers]);
    return text(socket);
  };

  it("cannot connect by a name of its own, and is told what to do", async () => {
    const answer = await refused(`Host: rebound.example:${gateway.port}`);
    assert.match(answer, /^HTTP\/1\.1 403 Forbidden\r\n/);
    assert.match(answer, /\r\n\r\nThe local stack takes only requests for 127\.0\.0\.1:\d+, /);
    assert.deepEqual(gateway.invocations, []);
  });

  for (const origin of ["https://other.example", "null"]) {
    it(`cannot connect with the Origin ${origin}, and is told what to do`, async () => {
      const answer = await refused(`Origin: ${origin}`);
      assert.match(answer, /^HTTP\/1\.1 403 Forbidden\r\n/);
      assert.match(
        answer,
        /\r\n\r\nThe local stack takes WebSockets only from pages on 127\.0\.0\.1, /,
      );
      assert.deepEqual(gateway.invocations, []);
    });
  }

  it("cannot reach @connections by a name of its own", async () => {
    const host = `Host: rebound.example:${gateway.port}`;
    const path = "/staging/@connections/AAAAAAAAAAAAAAA%3D";
    const answer = await received(await sendRequest(gateway.port, path, [host]));
    assert.match(answer, /^HTTP\/1\.1 403 Forbidden\r\n/);
    assert.match(answer, /\r\nx-amzn-ErrorType: ForbiddenException\r\n/);
    assert.match(answer, /"message":"The local stack takes only requests for /);
  });

  it("differs from a page on this machine, which connects", async () => {
    const { port } = gateway;
    for (const headers of [
      [`Host: localhost:${port}`],
      ["Origin: http://localhost:5173"],
      [`Host: [::1]:${port}`, `Origin: http://127.0.0.1:${port}`],
    ]) {
      const socket = await sendRequest(port, "/staging", [...HANDSHAKE, ...headers]);
      assert.match(await received(socket), /^HTTP\/1\.1 101 /);
      socket.destroy();
    }
  });
});
