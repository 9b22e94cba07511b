import assert from "node:assert/strict";
import type { InvokeResult } from "../../../../local/shared/invoke.ts";
import { received, sendRequest } from "./raw-client.ts";
import {
  executionArn,
  nextMessage,
  returned,
  startGateway,
  type FakeFunction,
  type RunningGateway,
} from "./running-gateway.ts";

describe("A handshake", () => {
  let gateway: RunningGateway;
  const start = async (functions: Record<string, FakeFunction>) => {
    gateway = await startGateway({ functions });
  };
  afterEach(() => gateway.close());

  const accept = () => returned({ statusCode: 200 });

  it("succeeds without a $connect route", async () => {
    await start({});
    const socket = await gateway.connect();
    assert.equal(socket.readyState, socket.OPEN);
  });

  for (const path of ["/staging", "/staging/", "/staging?channel=news", "/staging/?channel=news"]) {
    it(`is for ${path}`, async () => {
      await start({ $connect: accept });
      const socket = await gateway.connect({ path });
      assert.equal(socket.readyState, socket.OPEN);
    });
  }

  for (const path of ["/", "/production", "/stagingx"]) {
    it(`gets 403 for ${path}, and no function is invoked`, async () => {
      await start({ $connect: accept });
      await assert.rejects(gateway.connect({ path }), {
        message: "Unexpected server response: 403",
      });
      assert.deepEqual(gateway.invocations, []);
    });
  }

  it("gets 426 if it asks for no upgrade", async () => {
    await start({ $connect: accept });
    const response = await fetch(`http://127.0.0.1:${gateway.port}/staging`);
    assert.equal(response.status, 426);
    assert.deepEqual(gateway.invocations, []);
  });

  it("invokes no function if it is malformed", async () => {
    await start({ $connect: accept });
    const headers = ["Connection: Upgrade", "Upgrade: websocket"];
    const socket = await sendRequest(gateway.port, "/staging", headers);
    assert.match(await received(socket), /^HTTP\/1\.1 400 /);
    assert.deepEqual(gateway.invocations, []);
    socket.destroy();
  });

  for (const statusCode of [200, 201, 299]) {
    it(`is accepted when $connect returns ${statusCode}`, async () => {
      await start({ $connect: () => returned({ statusCode }) });
      const socket = await gateway.connect();
      assert.equal(socket.readyState, socket.OPEN);
    });
  }

  for (const statusCode of [301, 400, 401, 501, 599]) {
    it(`is refused with ${statusCode} when $connect returns that`, async () => {
      await start({ $connect: () => returned({ statusCode }), $disconnect: accept });
      await assert.rejects(gateway.connect(), {
        message: `Unexpected server response: ${statusCode}`,
      });
      assert.equal(gateway.invocations.length, 1);
    });
  }

  const failures: [string, InvokeResult][] = [
    ["fails", { outcome: "failed", errorType: "Error", errorMessage: "no" }],
    ["may not be invoked", { outcome: "denied" }],
    ["returns nothing", returned(null)],
    ["returns no status", returned({ body: "hello" })],
    ["returns an unknown key", returned({ statusCode: 200, data: "hello" })],
    ["returns a body that is no text", returned({ statusCode: 200, body: { hello: 1 } })],
    ["returns headers that are no object", returned({ statusCode: 200, headers: "a: b" })],
  ];
  for (const [title, result] of failures) {
    it(`is refused with 502 when $connect ${title}`, async () => {
      await start({ $connect: () => result });
      await assert.rejects(gateway.connect(), { message: "Unexpected server response: 502" });
    });
  }

  it("is refused with 502 when $connect cannot be invoked", async () => {
    await start({ $connect: () => Promise.reject(new Error("No function")) });
    await assert.rejects(gateway.connect(), { message: "Unexpected server response: 502" });
  });

  it("is refused when $connect takes longer than the integration's timeout", async () => {
    await start({ $connect: () => new Promise(() => undefined) });
    const invoked = gateway.nextEvent("$connect");
    const refused = assert.rejects(gateway.connect(), /Unexpected server response: 5\d\d/);
    await invoked;
    gateway.clock.advance(29_000);
    await refused;
  });

  it("invokes $connect in the name of its route", async () => {
    await start({ $connect: accept });
    await gateway.connect();
    const [invocation] = gateway.invocations;
    assert.equal(invocation?.functionArn, "arn:function:$connect");
    assert.equal(invocation.sourceArn, `${executionArn}/staging/$connect`);
  });

  it("negotiates permessage-deflate when offered", async () => {
    await start({});
    const offering = await gateway.connect({ client: { perMessageDeflate: true } });
    assert.equal(offering.extensions, "permessage-deflate");
    const plain = await gateway.connect();
    assert.equal(plain.extensions, "");
  });

  it("makes the connection known only when $connect has returned", async () => {
    const statuses: number[] = [];
    await start({
      $connect: async ({ requestContext }) => {
        const response = await gateway.manage("POST", requestContext.connectionId, "too early");
        statuses.push(response.status);
        return accept();
      },
    });
    const socket = await gateway.connect();
    assert.deepEqual(statuses, [410]);
    const id = gateway.connectionId();
    const message = nextMessage(socket);
    assert.equal((await gateway.manage("POST", id, "now")).status, 200);
    assert.equal(await message, "now");
  });
});
