import assert from "node:assert/strict";
import { httpFixture } from "./http-fixture.ts";

describe("routes of an HTTP API", () => {
  const serve = httpFixture();

  const specific = [
    "$default",
    "ANY /{proxy+}",
    "GET /pets/{proxy+}",
    "GET /pets/{kind}",
    "GET /a.b",
    "ANY /pets/dog/{id}",
    "GET /pets/dog/{id}",
    "GET /pets/dog/1",
    "GET /{kind}/dog/1",
    "GET /",
  ];
  // The first four are the example in AWS's documentation.
  const matches: Record<string, string> = {
    "GET /pets/dog/1": "GET /pets/dog/1",
    "GET /pets/dog/2": "GET /pets/dog/{id}",
    "GET /pets/cat/1": "GET /pets/{proxy+}",
    "POST /test/5": "ANY /{proxy+}",
    "POST /pets/dog/1": "ANY /pets/dog/{id}",
    "GET /birds/dog/1": "GET /{kind}/dog/1",
    "GET /pets/dog/2/name": "GET /pets/{proxy+}",
    "GET /pets/cat": "GET /pets/{kind}",
    "GET /a.b": "GET /a.b",
    "GET /a-b": "ANY /{proxy+}",
    "GET /": "GET /",
    "POST /": "$default",
  };
  for (const routes of [specific, specific.toReversed()]) {
    for (const [request, routeKey] of Object.entries(matches)) {
      const order = routes === specific ? "last" : "first";
      it(`take ${request} to ${routeKey}, declared most specific ${order}`, async () => {
        const { url, invoked } = await serve({ routes });
        const [method = "", path = ""] = request.split(" ");
        await fetch(`${url}/staging${path}`, { method });
        assert.deepEqual(
          invoked.map(({ functionArn }) => functionArn),
          [`arn:${routeKey}`],
        );
      });
    }
  }

  for (const [routeKey, path, source] of [
    [
      "POST /channels/{channel}/messages",
      "/channels/news/messages",
      "POST/channels/{channel}/messages",
    ],
    ["POST /", "/", "POST/"],
    ["$default", "/any/thing", "$default"],
    ["ANY /{proxy+}", "/any/thing", "ANY/{proxy+}"],
  ] as const) {
    it(`invoke the function of ${routeKey} with the ARN of the route as the source`, async () => {
      const { url, invoked } = await serve({ routes: [routeKey] });
      await fetch(`${url}/staging${path}`, { method: "POST" });
      assert.equal(
        invoked[0]?.sourceArn,
        `arn:aws:execute-api:eu-west-1:123456789012:abc123/staging/${source}`,
      );
    });
  }

  it("are found below a named stage alone", async () => {
    const { url, invoked } = await serve({ routes: ["GET /", "GET /a"] });
    const found = ["/staging/", "/staging/?a=1", "/staging/a"];
    const missing = ["/", "/a", "/stagings", "/production/a", "/staging/staging"];
    for (const path of found) assert.equal((await fetch(url + path)).status, 200, path);
    for (const path of missing) assert.equal((await fetch(url + path)).status, 404, path);
    assert.equal(invoked.length, found.length);
  });

  it("are not found at a named stage without a slash, as on AWS", async () => {
    const { url, invoked } = await serve({ routes: ["ANY /", "ANY /{proxy+}"] });
    for (const path of ["/staging", "/staging?a=1"]) {
      for (const method of ["GET", "POST"]) {
        const response = await fetch(url + path, { method });
        assert.deepEqual(
          [response.status, await response.text()],
          [404, '{"message":"Not Found"}'],
        );
      }
    }
    assert.deepEqual(invoked, []);
  });

  it("are found at the root of the stage $default", async () => {
    const { url } = await serve({ routes: ["GET /", "GET /a"], stage: "$default" });
    for (const path of ["/", "/a"]) assert.equal((await fetch(url + path)).status, 200, path);
    assert.equal((await fetch(`${url}/staging/a`)).status, 404);
  });

  for (const request of ["POST /a", "HEAD /a", "GET /b", "GET /a/b"]) {
    it(`leave ${request} without an answer but 404, where there is only GET /a`, async () => {
      const { url, invoked } = await serve({ routes: ["GET /a"] });
      const [method = "", path = ""] = request.split(" ");
      const response = await fetch(`${url}/staging${path}`, { method });
      assert.equal(response.status, 404);
      assert.equal(response.headers.get("content-type"), "application/json");
      if (method !== "HEAD") assert.equal(await response.text(), '{"message":"Not Found"}');
      assert.deepEqual(invoked, []);
    });
  }
});
