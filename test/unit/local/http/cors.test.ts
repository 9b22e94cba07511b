import assert from "node:assert/strict";
import { httpFixture, returns } from "./http-fixture.ts";

describe("CORS of an HTTP API", () => {
  const serve = httpFixture();
  const cors = {
    allowOrigins: ["https://app.test", "http://localhost:8080"],
    allowMethods: ["GET", "POST"],
    allowHeaders: ["content-type", "idempotency-key"],
    exposeHeaders: ["x-word"],
    maxAge: 3600,
    allowCredentials: true,
  };
  const preflight = {
    method: "OPTIONS",
    headers: { origin: "https://app.test", "access-control-request-method": "POST" },
  };

  it("answers a preflight itself, without a route", async () => {
    const { url, invoked } = await serve({ routes: ["POST /"], cors });
    const response = await fetch(`${url}/staging/`, preflight);
    assert.equal(response.status, 204);
    assert.deepEqual(corsHeaders(response), {
      "access-control-allow-credentials": "true",
      "access-control-allow-headers": "content-type,idempotency-key",
      "access-control-allow-methods": "GET,POST",
      "access-control-allow-origin": "https://app.test",
      "access-control-max-age": "3600",
    });
    assert.ok(response.headers.has("apigw-requestid"));
    assert.deepEqual(invoked, []);
  });

  it("says nothing of what is not configured", async () => {
    const { url } = await serve({ routes: [], cors: { allowOrigins: ["https://app.test"] } });
    const response = await fetch(`${url}/staging/`, preflight);
    assert.deepEqual(corsHeaders(response), { "access-control-allow-origin": "https://app.test" });
  });

  it("gives no leave to an origin that is not allowed", async () => {
    const { url } = await serve({ routes: ["GET /"], cors });
    for (const origin of ["https://app.test.evil", "http://app.test", "https://app.test:444"]) {
      const headers = { ...preflight.headers, origin };
      assert.deepEqual(corsHeaders(await fetch(`${url}/staging/`, { ...preflight, headers })), {});
      assert.deepEqual(corsHeaders(await fetch(`${url}/staging/`, { headers: { origin } })), {});
    }
  });

  for (const [name, headers] of Object.entries({
    "an origin": { "access-control-request-method": "POST" },
    "a method to ask for": { origin: "https://app.test" },
  })) {
    it(`takes OPTIONS without ${name} for no preflight`, async () => {
      const { url } = await serve({ routes: ["POST /"], cors });
      const response = await fetch(`${url}/staging/`, { method: "OPTIONS", headers });
      assert.equal(response.status, 404);
      assert.deepEqual(corsHeaders(response), {});
    });
  }

  it("adds nothing to the answer of a route to OPTIONS that is no preflight", async () => {
    const { url } = await serve({ routes: ["OPTIONS /"], cors });
    const headers = { origin: "https://app.test" };
    const response = await fetch(`${url}/staging/`, { method: "OPTIONS", headers });
    assert.equal(response.status, 200);
    assert.deepEqual(corsHeaders(response), {});
  });

  it("leaves a preflight to the route that takes it, and adds its headers", async () => {
    const { url, invoked } = await serve({
      routes: ["OPTIONS /{proxy+}"],
      cors,
      fn: returns({ statusCode: 200, body: "own" }),
    });
    const response = await fetch(`${url}/staging/a`, preflight);
    assert.equal(await response.text(), "own");
    assert.equal(response.headers.get("access-control-allow-methods"), "GET,POST");
    assert.equal(invoked.length, 1);
  });

  it("replaces the headers of the function", async () => {
    const { url } = await serve({
      cors,
      fn: returns({
        statusCode: 200,
        headers: { "Access-Control-Allow-Origin": "*", "Access-Control-Max-Age": "1" },
      }),
    });
    const { headers } = preflight;
    assert.deepEqual(corsHeaders(await fetch(`${url}/staging/`, { headers })), {
      "access-control-allow-credentials": "true",
      "access-control-allow-origin": "https://app.test",
      "access-control-expose-headers": "x-word",
    });
    assert.deepEqual(corsHeaders(await fetch(`${url}/staging/`)), {});
  });

  for (const [allowed, origin, answer] of [
    ["*", "https://any.test", "*"],
    ["https://*", "https://any.test", "https://any.test"],
    ["https://*", "http://any.test", undefined],
    ["http://*", "http://any.test", "http://any.test"],
    ["http://*", "https://any.test", undefined],
  ] as const) {
    it(`${answer === undefined ? "refuses" : "allows"} ${origin} by ${allowed}`, async () => {
      const { url } = await serve({ cors: { allowOrigins: [allowed] } });
      const response = await fetch(`${url}/staging/`, { headers: { origin } });
      assert.equal(response.headers.get("access-control-allow-origin") ?? undefined, answer);
    });
  }

  it("is left to the function where the API has none", async () => {
    const { url } = await serve({
      routes: ["ANY /"],
      fn: returns({ statusCode: 200, headers: { "access-control-allow-origin": "https://own" } }),
    });
    const response = await fetch(`${url}/staging/`, preflight);
    assert.deepEqual(corsHeaders(response), { "access-control-allow-origin": "https://own" });
    const missing = await fetch(`${url}/staging/absent`, preflight);
    assert.equal(missing.status, 404);
  });
});

function corsHeaders(response: Response): Record<string, string> {
  const headers = [...response.headers].filter(([name]) => name.startsWith("access-control-"));
  return Object.fromEntries(headers);
}
