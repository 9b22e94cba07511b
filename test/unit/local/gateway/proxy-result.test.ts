import assert from "node:assert/strict";
import { proxyResult } from "../../../../local/gateway/proxy-result.ts";

describe("the result of a proxy integration", () => {
  it("has a status, headers as texts, and a body", () => {
    assert.deepEqual(
      proxyResult({ statusCode: 201, headers: { "X-Count": 3, "x-on": true }, body: "grüezi" }),
      {
        statusCode: 201,
        headers: [
          ["X-Count", "3"],
          ["x-on", "true"],
        ],
        body: Buffer.from("grüezi"),
      },
    );
  });

  it("needs no more than a status", () => {
    const empty = { statusCode: 200, headers: [], body: Buffer.alloc(0) };
    assert.deepEqual(proxyResult({ statusCode: 200 }), empty);
    assert.deepEqual(proxyResult({ statusCode: 200, headers: null, body: null }), empty);
  });

  it("has its body out of base64 where it says so", () => {
    const result = proxyResult({ statusCode: 200, body: "/wA=", isBase64Encoded: true });
    assert.deepEqual(result?.body, Buffer.of(0xff, 0));
  });

  for (const malformed of [
    {},
    { statusCode: "200" },
    { statusCode: 199 },
    { statusCode: 600 },
    { statusCode: 200.5 },
    { statusCode: 200, headers: "a: b" },
    { statusCode: 200, headers: ["a: b"] },
    { statusCode: 200, headers: { a: ["b", "c"] } },
    { statusCode: 200, body: { hello: 1 } },
  ]) {
    it(`is malformed as ${JSON.stringify(malformed)}`, () => {
      assert.equal(proxyResult(malformed), undefined);
    });
  }
});
