import assert from "node:assert/strict";
import { httpFixture, returns } from "./http-fixture.ts";

describe("response of an HTTP API", () => {
  const serve = httpFixture();

  it("is what the function says: status, headers and body", async () => {
    const { raw } = await serve({
      fn: returns({
        statusCode: 201,
        headers: { "X-Word": "one", "content-type": "text/csv", "x-count": 3, "x-flag": true },
        body: "a,b",
      }),
    });
    const response = await raw(["GET /staging/ HTTP/1.1"]);
    const [head = "", body] = response.split("\r\n\r\n");
    const [status, ...headers] = head.split("\r\n");
    assert.equal(status, "HTTP/1.1 201 Created");
    assert.equal(body, "a,b");
    for (const header of ["X-Word: one", "content-type: text/csv", "x-count: 3", "x-flag: true"]) {
      assert.ok(headers.includes(header), header);
    }
  });

  for (const [value, body] of [
    [{ word: "one" }, '{"word":"one"}'],
    [[1, 2], "[1,2]"],
    ["text", "text"],
    [3, "3"],
    [{ body: "no status" }, '{"body":"no status"}'],
  ] as const) {
    it(`is 200 with ${body} in JSON where the function returns no status`, async () => {
      const { url } = await serve({ fn: returns(value) });
      const response = await fetch(`${url}/staging/`);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("content-type"), "application/json");
      assert.equal(await response.text(), body);
    });
  }

  it("is plain text where the function names no type", async () => {
    const { url } = await serve({ fn: returns({ statusCode: 200, body: "grüße" }) });
    const response = await fetch(`${url}/staging/`);
    assert.equal(response.headers.get("content-type"), "text/plain; charset=utf-8");
    assert.equal(await response.text(), "grüße");
  });

  it("is decoded where the function says that it is base64", async () => {
    const bytes = Buffer.from([0, 255, 128, 10]);
    const { url } = await serve({
      fn: returns({ statusCode: 200, body: bytes.toString("base64"), isBase64Encoded: true }),
    });
    const response = await fetch(`${url}/staging/`);
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes);
  });

  it("sets each cookie with a header of its own", async () => {
    const { url } = await serve({
      fn: returns({ statusCode: 200, cookies: ["a=1; Secure", "b=2"] }),
    });
    const response = await fetch(`${url}/staging/`);
    assert.deepEqual(response.headers.getSetCookie(), ["a=1; Secure", "b=2"]);
  });

  it("is framed by the gateway, whatever the function says of it", async () => {
    const { url } = await serve({
      fn: returns({
        statusCode: 200,
        headers: { "Content-Length": "1", "Transfer-Encoding": "chunked", Connection: "close" },
        body: "whole",
      }),
    });
    const response = await fetch(`${url}/staging/`);
    assert.equal(response.headers.get("content-length"), "5");
    assert.equal(await response.text(), "whole");
  });

  it("to HEAD has the headers alone", async () => {
    const { raw } = await serve({
      fn: returns({ statusCode: 200, headers: { "x-word": "one" }, body: "not sent" }),
    });
    const response = await raw(["HEAD /staging/ HTTP/1.1"]);
    assert.match(response, /^HTTP\/1.1 200 OK\r\n/);
    assert.match(response, /x-word: one/);
    assert.ok(response.endsWith("\r\n\r\n"));
  });

  it("of status 204 has no body", async () => {
    const { raw } = await serve({ fn: returns({ statusCode: 204 }) });
    const response = await raw(["DELETE /staging/ HTTP/1.1"]);
    assert.match(response, /^HTTP\/1.1 204 No Content\r\n/);
    assert.ok(response.endsWith("\r\n\r\n"));
  });
});
