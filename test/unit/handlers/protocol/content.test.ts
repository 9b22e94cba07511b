import assert from "node:assert/strict";
import fc from "fast-check";
import { dataJson, toContent } from "../../../../handlers/protocol/content.ts";
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
    assert.deepEqual(contentOf(`{"data":${content.text}}`), content);
    assert.deepEqual(readContent({ ...event, body: content.text }, 10_000), content);
  });

  it("is refused where it is nested deeper, as no reader could follow", () => {
    const tooDeep = { code: "invalid-data", message: /nested too deep/ };
    assert.throws(() => contentOf(`{"data":${nested(1001)}}`), tooDeep);
    assert.throws(() => readContent({ ...event, body: nested(1001) }, 10_000), tooDeep);
    assert.throws(() => readContent({ ...event, body: nested(60_000) }, 200_000), tooDeep);
  });

  it("is refused where something beside it in its frame is nested deeper", () => {
    const tooDeep = { code: "invalid-data", message: /nested too deep/ };
    assert.throws(() => contentOf(`{"data":1,"other":${nested(60_000)}}`), tooDeep);
  });
});

/** The content of a frame, as the function reads it. */
function contentOf(frame: string) {
  return toContent(JSON.parse(frame) as Record<string, unknown>, frame);
}

describe("the content of a frame", () => {
  for (const [frame, text] of [
    ['{"data":1.0}', "1.0"],
    ['{ "data" : [ 12345678901234567890 , 1e-400 ] }', "[ 12345678901234567890 , 1e-400 ]"],
    ['{"data":null}', "null"],
    ['{"data":false}', "false"],
    ['{"data":{}}', "{}"],
    ['{"data":1,"data":{"data":2}}', '{"data":2}'],
    ['{"channel":{"data":1},"d\\u0061ta":0}', "0"],
  ] as const) {
    it(`is the data of ${frame} as it is written there`, () => {
      assert.deepEqual(contentOf(frame), { text, isJson: true });
    });
  }

  it("has the value that its reader finds, whatever that is", () => {
    const something = fc.json().filter((data) => data !== '""');
    const frames = fc.tuple(something, fc.json(), fc.constantFrom("", " ", "\n\t"));
    fc.assert(
      fc.property(frames, ([data, other, space]) => {
        const content = contentOf(`{"other":${other},${space}"data":${space}${data}${space}}`);
        assert.deepEqual(JSON.parse(dataJson(content)), JSON.parse(data));
      }),
    );
  });

  it("is text where the data is text, with its escapes read", () => {
    const content = contentOf('{"data":"gr\\u00fc\\u00dfe \\ud83d\\udc4b\\n"}');
    assert.deepEqual(content, { text: "grüße \u{1f44b}\n", isJson: false });
    assert.equal(dataJson(content), '"grüße \u{1f44b}\\n"');
  });

  it("is refused where there is none, and where it is half a character", () => {
    for (const frame of ["{}", '{"data":""}', '{"data":"\\ud83d"}', '{"data":"\\udc4b\\ud83d"}']) {
      assert.throws(() => contentOf(frame), { name: "Problem", code: "invalid-data" });
    }
  });
});
