import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { httpFixture } from "./http-fixture.ts";

describe("the Host of a request to an HTTP API", () => {
  const serve = httpFixture();

  it("is the gateway's own, or the request is refused with what to do", async () => {
    const { raw, invoked, port } = await serve();
    const answer = await raw(["GET /staging/ HTTP/1.1", `Host: rebound.example:${port}`]);
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    assert.match(head, /^HTTP\/1\.1 403 /);
    assert.match(head, /\r\ncontent-type: application\/json\r\n/);
    assert.match(head, /\r\napigw-requestid: /);
    assert.match(body, /^\{"message":"The local stack takes only requests for 127\.0\.0\.1:\d+, /);
    assert.deepEqual(invoked, []);
  });

  it("is looked at before the body", async () => {
    const { port } = await serve();
    const socket = connect(port, "127.0.0.1");
    const head = `POST /staging/ HTTP/1.1\r\nHost: rebound.example:${port}\r\nContent-Length: 10`;
    socket.write(`${head}\r\n\r\n`);
    const [data] = (await once(socket, "data")) as [Buffer];
    assert.match(String(data), /^HTTP\/1\.1 403 /);
    socket.destroy();
  });

  for (const name of ["127.0.0.1", "localhost", "[::1]"]) {
    it(`may be ${name}, whatever the Origin`, async () => {
      const { raw, port } = await serve();
      const origin = "Origin: https://app.test";
      const answer = await raw(["GET /staging/ HTTP/1.1", `Host: ${name}:${port}`, origin]);
      assert.match(answer, /^HTTP\/1\.1 200 /);
    });
  }
});
