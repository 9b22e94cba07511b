import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { openConnections } from "../../../../handlers/aws/connections.ts";
import { ManualClock } from "../../../../local/shared/clock.ts";
import { close, hostOf } from "../../../../local/shared/listen.ts";

describe("one connection", () => {
  let server: Server;
  let connections: ReturnType<typeof openConnections>;
  let asked: string[];
  let answer: (response: ServerResponse) => void;

  before(async () => {
    server = createServer(({ method = "", url = "", headers }, response) => {
      const [algorithm = "unsigned"] = headers.authorization?.split(" ") ?? [];
      asked.push(`${algorithm} ${method} ${url}`);
      answer(response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    connections = openConnections({
      ...{ endpoint: `http://${hostOf(server)}/staging`, region: "us-east-1" },
      credentials: { accessKeyId: "AKID", secretAccessKey: "secret", sessionToken: "token" },
      ...{ maxPosts: 2, postMilliseconds: 3_000, clock: new ManualClock() },
    });
  });
  after(async () => {
    await connections.destroy();
    await close(server);
  });
  beforeEach(() => {
    asked = [];
  });

  it("is shown as API Gateway knows it", async () => {
    answer = (response) => {
      response.end(
        '{"connectedAt":"2026-11-22T10:00:00.000Z","lastActiveAt":"2026-11-22T10:00:03.000Z",' +
          '"identity":{"sourceIp":"192.0.2.7","userAgent":"wscat"}}',
      );
    };
    const { status, known } = await connections.get("L0SM9c+FvHc/Ihw=");
    assert.equal(status, 200);
    assert.deepEqual(known?.ConnectedAt, new Date("2026-11-22T10:00:00.000Z"));
    assert.deepEqual(known.LastActiveAt, new Date("2026-11-22T10:00:03.000Z"));
    assert.deepEqual(known.Identity, { SourceIp: "192.0.2.7", UserAgent: "wscat" });
    assert.deepEqual(asked, ["AWS4-HMAC-SHA256 GET /staging/@connections/L0SM9c%2BFvHc%2FIhw%3D"]);
  });

  it("is closed, with the status that API Gateway has for that", async () => {
    answer = (response) => response.writeHead(204).end();
    assert.equal(await connections.close("L0SM9c+FvHc/Ihw="), 204);
    assert.deepEqual(asked, [
      "AWS4-HMAC-SHA256 DELETE /staging/@connections/L0SM9c%2BFvHc%2FIhw%3D",
    ]);
  });

  it("has the status of an answer whose body is no JSON", async () => {
    for (const [status, body] of [
      [410, "Gone"],
      [503, "<html>"],
    ] as const) {
      answer = (response) => response.writeHead(status).end(body);
      assert.equal(await connections.close("L0SM9c+FvHc/Ihw="), status);
      assert.deepEqual(await connections.get("L0SM9c+FvHc/Ihw="), { status });
    }
  });

  // The body of a real 410 is empty, and its type is in a header; 400 is not in the SDK's model.
  for (const [status, type, body] of [
    [410, "GoneException", ""],
    [410, undefined, ""],
    [403, "ForbiddenException", '{"message":"Forbidden"}'],
    [400, "BadRequestException", '{"message":"Invalid connectionId: malformed"}'],
    [400, undefined, '{"message":"Invalid connectionId: malformed"}'],
    [410, "GoneException", "null"],
  ] as const) {
    it(`has the status of ${status} ${type ?? "without a type"} ${body || "without a body"}`, async () => {
      answer = (response) => {
        if (type !== undefined) response.setHeader("x-amzn-ErrorType", type);
        response.writeHead(status).end(body);
      };
      assert.deepEqual(await connections.get("L0SM9cOFvHcCIhw="), { status });
      assert.equal(await connections.close("L0SM9cOFvHcCIhw="), status);
      assert.equal(asked.length, 2);
    });
  }

  it("throws where there is no answer, and asks again before", async () => {
    answer = (response) => response.destroy();
    await assert.rejects(connections.get("L0SM9cOFvHcCIhw="), { code: "ECONNRESET" });
    assert.ok(asked.length > 1, String(asked.length));
    await assert.rejects(connections.close("L0SM9cOFvHcCIhw="), { code: "ECONNRESET" });
  });
});
