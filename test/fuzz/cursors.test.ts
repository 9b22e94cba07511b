import assert from "node:assert/strict";
import fc from "fast-check";
import { readCursor, writeCursor } from "../../handlers/channels/cursor.ts";
import { text } from "./inputs.ts";
import { numRuns } from "./runs.ts";

describe("a cursor", () => {
  it("is read as it was written, by its own listing only", () => {
    const property = fc.property(text, text, text, (listing, other, position) => {
      const cursor = writeCursor(listing, position);
      assert.equal(readCursor(listing, cursor), position);
      fc.pre(other !== listing);
      assert.throws(() => readCursor(other, cursor), { code: "invalid-cursor" });
    });
    fc.assert(property, { numRuns });
  });

  it("is refused where one character is another", () => {
    const change = fc.tuple(fc.nat(), fc.stringMatching(/^[A-Za-z0-9_=+/ -]$/));
    const property = fc.property(text, change, (position, [place, character]) => {
      const cursor = writeCursor("channels", position);
      const at = place % cursor.length;
      fc.pre(cursor[at] !== character);
      const changed = cursor.slice(0, at) + character + cursor.slice(at + 1);
      assert.throws(() => readCursor("channels", changed), { code: "invalid-cursor" });
    });
    fc.assert(property, { numRuns });
  });
});
