import assert from "node:assert/strict";
import { httpFixture, property, type HttpFixture } from "./http-fixture.ts";

describe("event of an HTTP API", () => {
  const serve = httpFixture();

  it("has every key of a request with all that it can have", async () => {
    const { raw, invoked, port } = await serve({ routes: ["POST /channels/{channel}/messages"] });
    const response = await raw(
      [
        "POST /staging/channels/news%2Fsport/messages?a=1&b=x%20y&a=2 HTTP/1.1",
        "User-Agent: test/1.0",
        "Content-Type: application/json",
        "Content-Length: 11",
        "X-Word: one",
        "x-word: two",
        "Cookie: a=1; b=2",
      ],
      '{"a":"ü"}\n',
    );
    const [event] = invoked.map((request) => request.event);
    const traceId = String(property(event, "headers", "x-amzn-trace-id"));
    const requestId = String(property(event, "requestContext", "requestId"));
    assert.match(traceId, /^Root=1-5e6a879e-[0-9a-f]{24}$/);
    assert.match(requestId, /^[A-Za-z0-9+/]{15}=$/);
    assert.ok(response.includes(`\r\napigw-requestid: ${requestId}\r\n`));
    assert.deepEqual(event, {
      version: "2.0",
      routeKey: "POST /channels/{channel}/messages",
      rawPath: "/staging/channels/news%2Fsport/messages",
      rawQueryString: "a=1&b=x%20y&a=2",
      cookies: ["a=1", "b=2"],
      headers: {
        "content-length": "11",
        "content-type": "application/json",
        host: `127.0.0.1:${port}`,
        "user-agent": "test/1.0",
        "x-amzn-trace-id": traceId,
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-port": String(port),
        "x-forwarded-proto": "http",
        "x-word": "one,two",
      },
      queryStringParameters: { a: "1,2", b: "x y" },
      requestContext: {
        accountId: "123456789012",
        apiId: "abc123",
        authentication: null,
        domainName: `127.0.0.1:${port}`,
        domainPrefix: "127",
        http: {
          method: "POST",
          path: "/staging/channels/news%2Fsport/messages",
          protocol: "HTTP/1.1",
          sourceIp: "127.0.0.1",
          userAgent: "test/1.0",
        },
        requestId,
        routeKey: "POST /channels/{channel}/messages",
        stage: "staging",
        time: "12/Mar/2020:19:03:58 +0000",
        timeEpoch: 1584039838390,
      },
      pathParameters: { channel: "news/sport" },
      body: '{"a":"ü"}\n',
      isBase64Encoded: false,
    });
  });

  it("leaves out what a request does not have", async () => {
    const { raw, invoked } = await serve({ routes: ["GET /"] });
    await raw(["GET /staging/ HTTP/1.1"]);
    const event = invoked[0]?.event;
    assert.ok(typeof event === "object" && event !== null);
    assert.deepEqual(Object.keys(event), [
      "version",
      "routeKey",
      "rawPath",
      "rawQueryString",
      "headers",
      "requestContext",
      "isBase64Encoded",
    ]);
    assert.equal(property(event, "rawQueryString"), "");
    assert.equal(property(event, "isBase64Encoded"), false);
  });

  it("has the stage in its path only where the stage has a name", async () => {
    const { url, invoked } = await serve({ stage: "$default" });
    await fetch(`${url}/a/b?c`);
    assert.equal(property(invoked[0]?.event, "rawPath"), "/a/b");
    assert.equal(property(invoked[0]?.event, "requestContext", "http", "path"), "/a/b");
    assert.equal(property(invoked[0]?.event, "requestContext", "stage"), "$default");
  });

  it("says $default for the route that takes all the rest", async () => {
    const { url, invoked } = await serve({ routes: ["$default"] });
    await fetch(`${url}/staging/a`);
    assert.equal(property(invoked[0]?.event, "routeKey"), "$default");
    assert.equal(property(invoked[0]?.event, "requestContext", "routeKey"), "$default");
    assert.equal(property(invoked[0]?.event, "pathParameters"), undefined);
  });

  it("decodes path variables, a greedy one with all its segments", async () => {
    const { url, invoked } = await serve({ routes: ["GET /{a}/{rest+}"] });
    await fetch(`${url}/staging/%C3%BCber%20all/b/c%3Dd/`);
    assert.deepEqual(property(invoked[0]?.event, "pathParameters"), {
      a: "über all",
      rest: "b/c=d/",
    });
  });

  it("leaves a path variable as it is where it cannot be decoded", async () => {
    const { raw, invoked } = await serve({ routes: ["GET /{a}"] });
    await raw(["GET /staging/100%25%zz HTTP/1.1"]);
    assert.deepEqual(property(invoked[0]?.event, "pathParameters"), { a: "100%25%zz" });
  });

  for (const type of [
    "text/plain",
    "text/html; charset=utf-8",
    "Application/JSON",
    "application/json;charset=utf-8",
    "application/javascript",
    "application/xml",
  ]) {
    it(`has a body of ${type} as text`, async () => {
      const fixture = await serve();
      assert.deepEqual(await bodyOf(fixture, "grüße", type), {
        body: "grüße",
        isBase64Encoded: false,
      });
    });
  }

  for (const type of [
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/octet-stream",
    "image/png",
    undefined,
  ]) {
    it(`has a body of ${type ?? "no type"} in base64`, async () => {
      const fixture = await serve();
      assert.deepEqual(await bodyOf(fixture, "grüße", type), {
        body: Buffer.from("grüße").toString("base64"),
        isBase64Encoded: true,
      });
    });
  }

  it("has the whole of a body that comes in chunks, and its length", async () => {
    const { raw, invoked } = await serve();
    await raw(
      ["POST /staging/ HTTP/1.1", "Content-Type: text/plain", "Transfer-Encoding: chunked"],
      "3\r\none\r\n4\r\n two\r\n0\r\n\r\n",
    );
    assert.equal(property(invoked[0]?.event, "body"), "one two");
    assert.equal(property(invoked[0]?.event, "headers", "content-length"), "7");
    assert.equal(property(invoked[0]?.event, "headers", "transfer-encoding"), undefined);
  });
});

async function bodyOf({ url, invoked }: HttpFixture, body: string, type: string | undefined) {
  await fetch(`${url}/staging/`, {
    method: "POST",
    body: Buffer.from(body),
    headers: type === undefined ? {} : { "content-type": type },
  });
  const event = invoked[0]?.event;
  return { body: property(event, "body"), isBase64Encoded: property(event, "isBase64Encoded") };
}
