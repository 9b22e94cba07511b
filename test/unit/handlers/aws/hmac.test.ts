import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { hmac } from "../../../../handlers/aws/hmac.ts";

describe("an HMAC", () => {
  it("is the one that Node makes, of whatever texts one after the other", () => {
    const key = fc.uint8Array({ maxLength: 64 });
    const texts = fc.array(fc.string({ unit: "grapheme-ascii", maxLength: 300 }), { maxLength: 6 });
    fc.assert(
      fc.property(key, texts, (bytes, those) => {
        const make = hmac(bytes);
        for (const text of [...those, ...those]) {
          assert.equal(make(text), createHmac("sha256", bytes).update(text).digest("hex"));
        }
      }),
      { numRuns: 500 },
    );
  });
});
