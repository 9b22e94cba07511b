import assert from "node:assert/strict";
import { HANDSHAKE, received, sendRequest } from "./raw-client.ts";
import { returned, startGateway, type RunningGateway } from "./running-gateway.ts";

describe("The event", () => {
  let gateway: RunningGateway;
  beforeEach(async () => {
    const ok = () => returned({ statusCode: 200 });
    gateway = await startGateway({ functions: { $connect: ok, join: ok, $disconnect: ok } });
  });
  afterEach(() => gateway.close());

  it("of a handshake has every key that AWS sends", async () => {
    const connect = gateway.nextEvent("$connect");
    const host = `127.0.0.1:${gateway.port}`;
    const headers = [
      `HOST: ${host}`,
      ...HANDSHAKE,
      "user-AGENT: tester",
      "x-forwarded-for: 1.2.3.4",
      "Cookie: a=1",
      "Cookie: b=2",
    ];
    const socket = await sendRequest(gateway.port, "/staging?a=1&a=2&b=x%20y", headers);
    assert.match(await received(socket), /^HTTP\/1\.1 101 /);
    const event = await connect;
    assert("headers" in event);

    const traceId = event.headers["X-Amzn-Trace-Id"] ?? "";
    assert.match(traceId, /^Root=1-65d2ff2e-[0-9a-f]{24}$/);
    const { connectionId, requestId } = event.requestContext;
    assert.match(connectionId, /^[\w-]{15}=$/);
    assert.match(requestId, /^[\w-]{15}=$/);
    const now = gateway.clock.now();
    assert.deepEqual(event, {
      headers: {
        HOST: host,
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "user-AGENT": "tester",
        Cookie: "b=2",
        "X-Amzn-Trace-Id": traceId,
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Port": String(gateway.port),
        "X-Forwarded-Proto": "http",
      },
      multiValueHeaders: {
        HOST: [host],
        "Sec-WebSocket-Version": ["13"],
        "Sec-WebSocket-Key": ["dGhlIHNhbXBsZSBub25jZQ=="],
        "user-AGENT": ["tester"],
        Cookie: ["a=1", "b=2"],
        "X-Amzn-Trace-Id": [traceId],
        "X-Forwarded-For": ["127.0.0.1"],
        "X-Forwarded-Port": [String(gateway.port)],
        "X-Forwarded-Proto": ["http"],
      },
      queryStringParameters: { a: "2", b: "x y" },
      multiValueQueryStringParameters: { a: ["1", "2"], b: ["x y"] },
      requestContext: {
        routeKey: "$connect",
        eventType: "CONNECT",
        extendedRequestId: requestId,
        requestTime: "19/Feb/2024:07:11:42 +0000",
        messageDirection: "IN",
        stage: "staging",
        connectedAt: now,
        requestTimeEpoch: now,
        identity: { userAgent: "tester", sourceIp: "127.0.0.1" },
        requestId,
        domainName: host,
        connectionId,
        apiId: "abc123",
      },
      isBase64Encoded: false,
    });
    socket.destroy();
  });

  for (const path of ["/staging", "/staging?"]) {
    it(`of a handshake for a bare ${path} has no query keys and no user agent`, async () => {
      const connect = gateway.nextEvent("$connect");
      await gateway.connect({ path });
      const event = await connect;
      assert.deepEqual(Object.keys(event), [
        "headers",
        "multiValueHeaders",
        "requestContext",
        "isBase64Encoded",
      ]);
      assert.deepEqual(event.requestContext.identity, { sourceIp: "127.0.0.1" });
    });
  }

  it("of a message has every key that AWS sends", async () => {
    const socket = await gateway.connect();
    const connectedAt = gateway.clock.now();
    const connectionId = gateway.connectionId();
    gateway.clock.advance(1000);
    const join = gateway.nextEvent("join");
    socket.send('{"action":"join"}');
    const { requestContext, ...rest } = await join;
    assert("messageId" in requestContext);
    const { requestId, messageId } = requestContext;
    assert.match(requestId, /^[\w-]{15}=$/);
    assert.match(messageId, /^[\w-]{15}=$/);
    assert.deepEqual(rest, { body: '{"action":"join"}', isBase64Encoded: false });
    assert.deepEqual(requestContext, {
      routeKey: "join",
      eventType: "MESSAGE",
      extendedRequestId: requestId,
      requestTime: "19/Feb/2024:07:11:43 +0000",
      messageDirection: "IN",
      stage: "staging",
      connectedAt,
      requestTimeEpoch: connectedAt + 1000,
      identity: { sourceIp: "127.0.0.1" },
      requestId,
      domainName: `127.0.0.1:${gateway.port}`,
      connectionId,
      apiId: "abc123",
      messageId,
    });
  });

  it("of a closed connection has every key that AWS sends", async () => {
    const socket = await gateway.connect();
    const connectedAt = gateway.clock.now();
    const connectionId = gateway.connectionId();
    const disconnect = gateway.nextEvent("$disconnect");
    gateway.clock.advance(1000);
    socket.close(4001, "enough");
    const event = await disconnect;
    const { requestId } = event.requestContext;
    assert.match(requestId, /^[\w-]{15}=$/);
    const host = `127.0.0.1:${gateway.port}`;
    assert.deepEqual(event, {
      headers: { Host: host, "x-api-key": "", "X-Forwarded-For": "", "x-restapi": "" },
      multiValueHeaders: {
        Host: [host],
        "x-api-key": [""],
        "X-Forwarded-For": [""],
        "x-restapi": [""],
      },
      requestContext: {
        routeKey: "$disconnect",
        eventType: "DISCONNECT",
        extendedRequestId: requestId,
        requestTime: "19/Feb/2024:07:11:43 +0000",
        messageDirection: "IN",
        stage: "staging",
        connectedAt,
        requestTimeEpoch: connectedAt + 1000,
        identity: { sourceIp: "127.0.0.1" },
        requestId,
        domainName: host,
        connectionId,
        apiId: "abc123",
        disconnectStatusCode: 4001,
        disconnectReason: "enough",
      },
      isBase64Encoded: false,
    });
  });
});
