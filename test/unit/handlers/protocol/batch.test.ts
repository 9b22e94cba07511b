import assert from "node:assert/strict";
import { readBatch } from "../../../../handlers/protocol/batch.ts";

describe("the body of a batch", () => {
  const read = (body: string, maxMessageBytes = 1_000) =>
    readBatch(
      {
        ...{ routeKey: "POST /messages", headers: {}, isBase64Encoded: false, body },
        requestContext: { requestId: "r", routeKey: "", http: { sourceIp: "127.0.0.1" } },
      },
      maxMessageBytes,
    );
  const of = (...messages: string[]) => `{"messages":[${messages.join()}]}`;
  const message = '{"channel":"news","data":1}';
  const nested = (levels: number) =>
    `{"channel":"news","data":${"[".repeat(levels)}${"]".repeat(levels)}}`;

  it("is its messages, each as it is written", () => {
    const first = '{"channel": "news", "data": 12345678901234567890}';
    const text = of(first, ' {"data":"two","exclude":1} ');
    assert.deepEqual(read(text), {
      text,
      messages: [
        { text: first, members: { channel: "news", data: 12345678901234567000 } },
        { text: '{"data":"two","exclude":1}', members: { data: "two", exclude: 1 } },
      ],
    });
  });

  it("is the last list that it has, as JSON.parse finds it", () => {
    const text = `{"messages":[1],"messages":[${message}]}`;
    assert.deepEqual(read(text).messages, [
      { text: message, members: { channel: "news", data: 1 } },
    ]);
  });

  it("has 1 to 10 messages, which are objects", () => {
    const many = (count: number) => of(...Array.from({ length: count }, () => message));
    for (const count of [1, 10]) assert.equal(read(many(count)).messages.length, count);
    for (const wrong of [
      ...[of(), many(11), of("1"), of(message, "null"), of("[]"), of('"text"')],
      ...["{}", '{"messages":{}}', '{"messages":null}', `[${message}]`, "null", '"text"'],
    ]) {
      assert.throws(() => read(wrong), { code: "invalid-messages", message: /1 to 10 objects/ });
    }
  });

  it("is refused as a whole where it is no JSON, or deeper than any message may be", () => {
    for (const wrong of ["", "message", "{", "{'messages':[]}", `${of(message)}x`]) {
      assert.throws(() => read(wrong), { code: "invalid-json", message: /send \{"messages":\[/ });
    }
    assert.equal(read(of(nested(1_000))).messages.length, 1);
    const tooDeep = { code: "invalid-data", message: /nested too deep/ };
    for (const levels of [1_001, 60_000]) {
      assert.throws(() => read(of(nested(levels)), 20_000), tooDeep);
    }
    const beside = `{"messages":[${message}],"other":${nested(60_000)}}`;
    assert.throws(() => read(beside, 20_000), tooDeep);
  });

  it("may have the bytes of ten messages, and no more", () => {
    const fits = of(`{"data":"${"x".repeat(10_000 - 26)}"}`);
    assert.equal(fits.length, 10_000);
    assert.equal(read(fits).messages.length, 1);
    const detail = "The batch takes 10001 bytes with its envelope: it may take up to 10000.";
    assert.throws(() => read(`${fits} `), { code: "too-large", message: detail });
  });
});
