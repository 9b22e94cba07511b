import assert from "node:assert/strict";
import { mock } from "node:test";
import { readContent } from "../../../../handlers/protocol/request-body.ts";

const base64 = (body: string | Uint8Array) => Buffer.from(body).toString("base64");

describe("the body of a request", () => {
  const read = (
    body: string | undefined,
    contentType?: string,
    isBase64Encoded = false,
    maxBytes = 100,
  ) => {
    const requestContext = { requestId: "r", routeKey: "POST /", http: { sourceIp: "127.0.0.1" } };
    const headers = contentType === undefined ? {} : { "content-type": contentType };
    const event = { routeKey: "POST /", headers, requestContext, isBase64Encoded };
    return readContent({ ...event, ...(body !== undefined && { body }) }, maxBytes);
  };

  for (const [contentType, isJson] of [
    ["application/json", true],
    ["application/json; charset=utf-8", true],
    [" Application/JSON ;charset=utf-8", true],
    ["application/jsonl", false],
    ["application/problem+json", false],
    ["text/plain; application/json", false],
    ["application/x-www-form-urlencoded", false],
    ["", false],
    [undefined, false],
  ] as const) {
    it(`is ${isJson ? "JSON" : "text"} where its content type is ${String(contentType)}`, () => {
      const text = ' {"price": 3} ';
      assert.deepEqual(read(text, contentType), { text, isJson });
      assert.deepEqual(read(base64(text), contentType, true), { text, isJson });
    });
  }

  it("is the same bytes that were sent, a byte order mark and odd characters too", () => {
    const text = "\ufeff\0 grüße \u{1f44b} \ufffd\r\n";
    assert.deepEqual(read(base64(text), undefined, true), { text, isJson: false });
  });

  it("is text that looks like base64 where it is not in base64", () => {
    assert.deepEqual(read("aGVsbG8="), { text: "aGVsbG8=", isJson: false });
  });

  for (const value of ["0", "null", "false", '""', "[]"]) {
    it(`is content where it is the JSON ${value}`, () => {
      assert.deepEqual(read(value, "application/json"), { text: value, isJson: true });
    });
  }

  it("is refused where there is none", () => {
    for (const contentType of [undefined, "application/json"]) {
      assert.throws(() => read(undefined, contentType), { code: "invalid-data" });
      assert.throws(() => read("", contentType), { code: "invalid-data" });
      assert.throws(() => read("", contentType, true), { code: "invalid-data" });
    }
  });

  it("is refused where it is said to be JSON and is not", () => {
    for (const text of ['{"price":', "hello", " ", "{'a':1}", "NaN", "\ufeff1", "1 2"]) {
      assert.throws(() => read(text, "application/json"), { code: "invalid-json" });
    }
  });

  it("is refused where it is too large, whatever else is wrong with it", () => {
    const tooLarge = (bytes: number) => ({
      code: "too-large",
      message: `The message takes ${bytes} bytes with its envelope: it may take up to 12.`,
    });
    for (const body of ["x".repeat(12), "grüße \u{1f44b}", "üüüüüü"]) {
      const wider = `${body}{`;
      assert.equal(read(body, undefined, false, 12).text, body);
      assert.equal(read(base64(body), undefined, true, 12).text, body);
      const bytes = Buffer.byteLength(wider);
      assert.throws(() => read(wider, "application/json", false, 12), tooLarge(bytes));
      assert.throws(() => read(base64(wider), "application/json", true, 12), tooLarge(bytes));
    }
    assert.throws(() => read(base64(Buffer.alloc(13, 0xff)), undefined, true, 12), tooLarge(13));
  });

  it("is refused where it is not UTF-8, whatever it is said to be", () => {
    const latin = Uint8Array.of(0x67, 0xfc);
    const surrogate = Uint8Array.of(0xed, 0xa0, 0x80);
    const cut = Buffer.from("\u{1f44b}").subarray(0, 3);
    for (const bytes of [latin, surrogate, cut]) {
      for (const contentType of [undefined, "application/json", "text/plain; charset=latin1"]) {
        assert.throws(() => read(base64(bytes), contentType, true), { code: "not-utf-8" });
      }
    }
  });

  it("is refused by its size first: it is neither decoded nor parsed", () => {
    const maxBytes = 1_000;
    const readLarge = (...[body, type, isBase64]: Parameters<typeof read>) =>
      read(body, type, isBase64, maxBytes);
    const parse = mock.method(JSON, "parse");
    const decode = mock.method(TextDecoder.prototype, "decode");
    const notUtf8 = Buffer.alloc(maxBytes + 1, 0xff);
    const large = { code: "too-large", message: /takes 1001 bytes/ };
    try {
      for (const contentType of ["application/json", "text/plain"]) {
        assert.throws(() => readLarge("[".repeat(maxBytes + 1), contentType), large);
        assert.throws(() => readLarge(base64(notUtf8), contentType, true), large);
        // Two bytes each in UTF-8.
        assert.throws(() => readLarge("ü".repeat(maxBytes / 2) + "x", contentType), large);
      }
      assert.deepEqual([parse.mock.callCount(), decode.mock.callCount()], [0, 0]);
    } finally {
      mock.restoreAll();
    }
    const most = "x".repeat(maxBytes);
    assert.deepEqual(readLarge(most), { text: most, isJson: false });
    assert.deepEqual(readLarge(base64(most), undefined, true), { text: most, isJson: false });
  });
});
