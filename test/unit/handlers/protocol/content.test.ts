import assert from "node:assert/strict";
import { toContent } from "../../../../handlers/protocol/content.ts";
import { readContent } from "../../../../handlers/protocol/request-body.ts";

const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
const event = {
  routeKey: "POST /",
  headers: { "content-type": "application/json" },
  requestContext: { requestId: "r", routeKey: "POST /", http: { sourceIp: "127.0.0.1" } },
  isBase64Encoded: false,
};

describe("content", () => {
  it("is JSON of up to 1,000 levels, from a frame and from a body", () => {
    const content = { text: nested(1000), isJson: true };
    assert.deepEqual(toContent(JSON.parse(content.text), `{"data":${content.text}}`), content);
    assert.deepEqual(readContent({ ...event, body: content.text }, 10_000), content);
  });

  it("is refused where it is nested deeper, as no reader could follow", () => {
    const tooDeep = { code: "invalid-data", message: /nested too deep/ };
    assert.throws(() => toContent(JSON.parse(nested(1001)), ""), tooDeep);
    assert.throws(() => readContent({ ...event, body: nested(1001) }, 10_000), tooDeep);
    assert.throws(() => readContent({ ...event, body: nested(60_000) }, 200_000), tooDeep);
  });
});
