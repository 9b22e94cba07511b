import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { startJsonServer, type JsonServer } from "../../../../local/shared/aws-json-server.ts";
import { WatchedClock } from "../../../support/watched-clock.ts";

describe("a server of the AWS JSON protocol", () => {
  const maxRequestBytes = 1_000_000;
  let clock: WatchedClock;
  let server: JsonServer;
  let answered: number[];
  let socket: Socket;
  let host: string;
  beforeEach(async () => {
    answered = [];
    clock = new WatchedClock();
    server = await startJsonServer({
      clock,
      maxRequestBytes,
      answer: (_request, body) => {
        answered.push(body.length);
        return { status: 200, body: "{}" };
      },
    });
    ({ host } = new URL(server.endpoint));
    socket = connect(Number(host.split(":")[1]), "127.0.0.1");
    await once(socket, "connect");
  });
  afterEach(async () => {
    socket.destroy();
    await server.close();
  });

  const send = (headers: string[], body: string | Buffer = "") => {
    socket.write(["POST / HTTP/1.1", "Connection: close", ...headers, "", ""].join("\r\n"));
    socket.write(body);
  };

  it("refuses a Host that is not its own, and says what to do", async () => {
    send(["Host: rebound.example", "Content-Length: 2"]);
    const [data] = (await once(socket, "data")) as [Buffer];
    const [head = "", body = ""] = String(data).split("\r\n\r\n");
    assert.match(head, /^HTTP\/1\.1 403 Forbidden\r\n/);
    assert.match(
      body,
      /^\{"__type":"com\.amazon\.coral\.service#AccessDeniedException","message":"The local stack takes only requests for /,
    );
    assert.deepEqual(answered, []);
  });

  it("takes a request up to its limit", async () => {
    send([`Host: ${host}`, `Content-Length: ${maxRequestBytes}`], Buffer.alloc(maxRequestBytes));
    assert.match(await text(socket), /^HTTP\/1\.1 200 OK\r\n/);
    assert.deepEqual(answered, [maxRequestBytes]);
  });

  it("refuses a request that announces a byte more, without waiting for it", async () => {
    send([`Host: ${host}`, `Content-Length: ${maxRequestBytes + 1}`]);
    const [data] = (await once(socket, "data")) as [Buffer];
    assert.match(String(data), /^HTTP\/1\.1 413 /);
    assert.match(String(data), /\r\nconnection: close\r\n/);
    assert.deepEqual(answered, []);
  });

  it("closes the connection of a request that is refused after a second, if the rest never comes", async () => {
    send([`Host: ${host}`, `Content-Length: ${maxRequestBytes + 1}`], "half");
    await once(socket, "data");
    const closed = once(socket, "close");
    clock.advance(1000);
    await closed;
    assert.equal(clock.timers.size, 0);
  });

  it("closes the connection of a request that is refused once the rest has come", async () => {
    send([`Host: ${host}`, `Content-Length: ${maxRequestBytes + 1}`]);
    await once(socket, "data");
    const closed = once(socket, "close");
    socket.write(Buffer.alloc(maxRequestBytes + 1));
    await closed;
    assert.equal(clock.timers.size, 0);
  });

  it("refuses a request that turns out to be a byte more, without waiting for its end", async () => {
    send([`Host: ${host}`, "Transfer-Encoding: chunked"]);
    const size = (maxRequestBytes + 1).toString(16);
    socket.write(Buffer.concat([Buffer.from(`${size}\r\n`), Buffer.alloc(maxRequestBytes + 1)]));
    const [data] = (await once(socket, "data")) as [Buffer];
    assert.match(String(data), /^HTTP\/1\.1 413 /);
    assert.match(String(data), /HTTP content length exceeded 1000000 bytes\.$/);
    assert.deepEqual(answered, []);
  });
});
