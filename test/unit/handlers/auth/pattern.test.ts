import assert from "node:assert/strict";
import { mock } from "node:test";
import fc from "fast-check";
import { matches } from "../../../../handlers/auth/pattern.ts";

/** Returns whether a pattern names a channel, by trying every run that a star may stand for. */
function says(pattern: string, name: string): boolean {
  if (pattern === "") return name === "";
  const [first, others] = [pattern.charAt(0), pattern.slice(1)];
  if (first !== "*") return name.startsWith(first) && says(others, name.slice(1));
  return Array.from({ length: name.length + 1 }, (_, run) => name.slice(run)).some((left) =>
    says(others, left),
  );
}

describe("a pattern", () => {
  for (const [pattern, named, others] of [
    ["news", ["news"], ["", "new", "newsx", "xnews", "NEWS"]],
    ["room-*", ["room-", "room-1", "room-a-b"], ["room", "aroom-1", "Room-1"]],
    ["*", ["a", "room-1"], []],
    ["*-private", ["a-private", "-private"], ["a-private-", "private"]],
    ["a*a", ["aa", "aba"], ["a", "ab"]],
    ["team-*-chat-*", ["team-1-chat-2", "team--chat-"], ["team-1-chat", "team-chat-1"]],
    ["a.b", ["a.b"], ["axb"]],
    ["", [], ["a"]],
  ] as const) {
    it(`"${pattern}" names what it says and nothing else`, () => {
      const found = [...named, ...others].filter((name) => matches(pattern, name));
      assert.deepEqual(found, named);
    });
  }

  it("names exactly what trying every run finds", () => {
    const letters = (alphabet: string[], maxLength: number) =>
      fc.array(fc.constantFrom(...alphabet), { maxLength }).map((found) => found.join(""));
    let named = 0;
    fc.assert(
      fc.property(letters(["a", "b", "*"], 8), letters(["a", "b"], 10), (pattern, name) => {
        named += says(pattern, name) ? 1 : 0;
        assert.equal(matches(pattern, name), says(pattern, name));
      }),
      { numRuns: 2_000 },
    );
    assert.ok(named > 100, "too few of them matched to show anything");
  });

  it("is looked for once a part, however many stars and however alike the name", () => {
    const stars = 2_000;
    const pattern = `${"*a".repeat(stars)}*b`;
    const search = mock.method(String.prototype, "indexOf");
    try {
      assert.ok(!matches(pattern, "a".repeat(2 * stars)));
      const starts = search.mock.calls.map(({ arguments: [, start] }) => Number(start));
      assert.equal(starts.length, stars);
      // No search starts before the end of the one before: all of them together go through the name once.
      assert.deepEqual(starts, [...starts.keys()]);
    } finally {
      search.mock.restore();
    }
  });
});
