import assert from "node:assert/strict";
import fc from "fast-check";
import { readCursor, writeCursor } from "../../../../handlers/store/cursor.ts";

const anything = /^/;
const refused = { name: "Problem", code: "invalid-cursor" };
const texts = fc.string({ unit: "grapheme" });

describe("a cursor", () => {
  it("holds its position for its own listing, and for no other", () => {
    fc.assert(
      fc.property(texts, texts, texts, (listing, other, position) => {
        const cursor = writeCursor(listing, position);
        assert.match(cursor, /^[\w-]+$/);
        assert.equal(readCursor(listing, anything, cursor), position);
        fc.pre(other !== listing);
        assert.throws(() => readCursor(other, anything, cursor), refused);
      }),
    );
  });

  it("is refused where one character of it is another, or more or less", () => {
    const replaced = fc.constantFrom("", "A", "B", "_", "=", " ", "AA");
    fc.assert(
      fc.property(texts, fc.nat(200), replaced, (position, place, character) => {
        const cursor = writeCursor("channels", position);
        const at = place % (cursor.length + 1);
        const changed = cursor.slice(0, at) + character + cursor.slice(at + 1);
        fc.pre(changed !== cursor);
        assert.throws(() => readCursor("channels", anything, changed), refused);
      }),
    );
  });

  it("is refused where its position is none of the listing's, its check sum right", () => {
    const cursor = writeCursor("channels", "no name");
    assert.throws(() => readCursor("channels", /^\w+$/, cursor), refused);
    assert.equal(readCursor("channels", /^\w+ \w+$/, cursor), "no name");
  });

  for (const text of ["", " ", "0", "channels", "%", "\u{1f44b}", "A".repeat(16)]) {
    it(`is not ${JSON.stringify(text)}`, () => {
      assert.throws(() => readCursor("channels", anything, text), refused);
    });
  }
});
