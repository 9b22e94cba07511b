import assert from "node:assert/strict";
import { published } from "../../../../console/page/published.ts";

describe("what the page has published itself", () => {
  it("says how long ago it was, the last time", () => {
    const own = published();
    own.note("hello", 10);
    own.note("hello", 20);
    assert.equal(own.since("hello", 25), 5);
    assert.equal(own.since("other", 25), undefined);
  });

  it("forgets the oldest of more than 1,000", () => {
    const own = published();
    for (let text = 0; text <= 1000; text++) own.note(String(text), text);
    assert.equal(own.since("0", 2000), undefined);
    assert.equal(own.since("1", 2000), 1999);
  });
});
