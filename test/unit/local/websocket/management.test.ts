import assert from "node:assert/strict";
import { once } from "node:events";
import type { WebSocket } from "ws";
import type { Authorize } from "../../../../local/shared/access.ts";
import { frame, HANDSHAKE, received, sendRequest } from "./raw-client.ts";
import {
  closed,
  executionArn,
  nextMessage,
  returned,
  startGateway,
  tester,
  type RunningGateway,
} from "./running-gateway.ts";

const unknownId = "AAAAAAAAAAAAAAA=";

describe("@connections", () => {
  let gateway: RunningGateway;
  let socket: WebSocket;
  let id: string;
  let asked: Parameters<Authorize>[];
  let decision: ReturnType<Authorize>;
  beforeEach(async () => {
    asked = [];
    decision = { allowed: true, caller: tester };
    gateway = await startGateway({
      functions: { $connect: () => returned({ statusCode: 200 }) },
      authorize: (...parameters) => {
        asked.push(parameters);
        return decision;
      },
    });
    socket = await gateway.connect({ client: { headers: { "user-agent": "tester" } } });
    id = gateway.connectionId();
  });
  afterEach(() => gateway.close());

  const errorType = (response: Response) => response.headers.get("x-amzn-errortype");
  const request = (path: string, init?: RequestInit) =>
    fetch(`http://127.0.0.1:${gateway.port}${path}`, init);

  it("sends the body of a POST as one text message", async () => {
    const message = once(socket, "message");
    const response = await gateway.manage("POST", id, "grüezi");
    assert.equal(response.status, 200);
    assert.equal(await response.text(), "");
    const emitted: unknown[] = await message;
    assert.deepEqual(emitted, [Buffer.from("grüezi"), false]);
  });

  it("describes a connection by GET", async () => {
    const connectedAt = new Date(gateway.clock.now()).toISOString();
    gateway.clock.advance(60_000);
    const lastActiveAt = new Date(gateway.clock.now()).toISOString();
    await gateway.manage("POST", id, "hello");
    gateway.clock.advance(60_000);
    const response = await gateway.manage("GET", id);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), {
      connectedAt,
      identity: { userAgent: "tester", sourceIp: "127.0.0.1" },
      lastActiveAt,
    });
  });

  it("closes a connection by DELETE", async () => {
    const close = closed(socket);
    assert.equal((await gateway.manage("DELETE", id)).status, 204);
    await close;
  });

  for (const path of ["/staging/@connections/", "/staging/%40connections/"]) {
    it(`is found at ${path}`, async () => {
      const response = await request(path + encodeURIComponent(id));
      assert.equal(response.status, 200);
    });
  }

  it("takes + and / for parts of an id", async () => {
    const response = await gateway.manage("GET", "ab+cd/ef+gh/ijk=");
    assert.equal(response.status, 410);
    const [[, permission] = []] = asked;
    assert.equal(permission?.resource, `${executionArn}/staging/GET/@connections/ab+cd/ef+gh/ijk=`);
  });

  for (const method of ["POST", "GET", "DELETE"]) {
    it(`answers 410 to ${method} for a connection that never was`, async () => {
      const response = await gateway.manage(method, unknownId);
      assert.equal(response.status, 410);
      assert.equal(errorType(response), "GoneException");
    });

    it(`answers 410 to ${method} for a connection that is closed`, async () => {
      await Promise.all([closed(socket), gateway.manage("DELETE", id)]);
      const response = await gateway.manage(method, id);
      assert.equal(response.status, 410);
      assert.equal(errorType(response), "GoneException");
    });

    it(`answers 400 to ${method} for an id of a wrong shape`, async () => {
      const response = await gateway.manage(method, "WDGT8fY4joECJrQ=test");
      assert.equal(response.status, 400);
      assert.equal(errorType(response), "BadRequestException");
      assert.deepEqual(await response.json(), {
        message: "Invalid connectionId: WDGT8fY4joECJrQ=test",
      });
    });

    it(`asks whether the caller may ${method}`, async () => {
      await gateway.manage(method, id, method === "POST" ? "hello" : undefined);
      const [[signed, permission] = []] = asked;
      assert.equal(signed?.method, method);
      assert.equal(signed.url, `/staging/@connections/${encodeURIComponent(id)}`);
      assert.equal(signed.headers.host, `127.0.0.1:${gateway.port}`);
      assert.equal(Buffer.from(signed.body).toString(), method === "POST" ? "hello" : "");
      assert.deepEqual(permission, {
        service: "execute-api",
        action: "execute-api:ManageConnections",
        resource: `${executionArn}/staging/${method}/@connections/${id}`,
      });
    });
  }

  it("answers 400 for an id that is wrongly encoded", async () => {
    const response = await request("/staging/@connections/%zz");
    assert.equal(response.status, 400);
  });

  it("answers 410 to POST for a client that has begun to close", async () => {
    const raw = await sendRequest(gateway.port, "/staging", HANDSHAKE);
    await received(raw);
    const closing = gateway.connectionId();
    const echoed = received(raw);
    raw.write(frame(0x88, Buffer.alloc(0)));
    await echoed;
    assert.equal((await gateway.manage("POST", closing, "hello")).status, 410);
    raw.destroy();
  });

  it("sends up to 128 KB", async () => {
    const message = nextMessage(socket);
    const text = "x".repeat(128 * 1024);
    assert.equal((await gateway.manage("POST", id, text)).status, 200);
    assert.equal(await message, text);
  });

  it("answers 413 to a byte more", async () => {
    const response = await gateway.manage("POST", id, "x".repeat(128 * 1024 + 1));
    assert.equal(response.status, 413);
    assert.equal(errorType(response), "PayloadTooLargeException");
  });

  it("answers 413 to much more without waiting for it, or asking whose it is", async () => {
    const path = `/staging/@connections/${encodeURIComponent(id)}`;
    const length = "Content-Length: 1000000";
    const raw = await sendRequest(gateway.port, path, [length]);
    const answer = await received(raw);
    assert.match(answer, /^HTTP\/1\.1 413 /);
    assert.match(answer, /\r\nx-amzn-ErrorType: PayloadTooLargeException\r\n/);
    assert.deepEqual(asked, []);
    raw.destroy();
  });

  it("answers 413 while too much is still coming", async () => {
    const path = `/staging/@connections/${encodeURIComponent(id)}`;
    const raw = await sendRequest(gateway.port, path, ["Transfer-Encoding: chunked"]);
    const answer = received(raw);
    raw.write(`30000\r\n${"x".repeat(0x30000)}`);
    assert.match(await answer, /^HTTP\/1\.1 413 /);
    raw.destroy();
  });

  it("answers 403 rather than 413 to a caller without permission", async () => {
    const message = "User: arn:tester is not authorized to perform: execute-api:ManageConnections";
    decision = { allowed: false, refusal: { reason: "access-denied", message } };
    const response = await gateway.manage("POST", id, "x".repeat(128 * 1024 + 1));
    assert.equal(response.status, 403);
  });

  it("answers 403 with the refusal to a caller without permission", async () => {
    const message = "User: arn:tester is not authorized to perform: execute-api:ManageConnections";
    decision = { allowed: false, refusal: { reason: "access-denied", message } };
    for (const target of [id, unknownId, "wrong"]) {
      const response = await gateway.manage("POST", target, "hello");
      assert.equal(response.status, 403);
      assert.equal(errorType(response), "ForbiddenException");
      assert.equal(response.headers.get("content-type"), "application/json");
      assert.deepEqual(await response.json(), { message });
    }
  });

  for (const path of ["/production/@connections/", "/@connections/", "/staging/connections/"]) {
    it(`answers 403 at ${path}`, async () => {
      const response = await request(path + encodeURIComponent(id), { method: "POST" });
      assert.equal(response.status, 403);
      assert.equal(errorType(response), "ForbiddenException");
      assert.deepEqual(asked, []);
    });
  }

  it("survives a caller that breaks off amid the body", async () => {
    const { port } = gateway;
    const path = `/staging/@connections/${encodeURIComponent(id)}`;
    const raw = await sendRequest(port, path, ["Content-Length: 10"]);
    const ended = gateway.clientEnded();
    raw.end("half");
    await ended;
    assert.equal((await gateway.manage("GET", id)).status, 200);
  });
});
