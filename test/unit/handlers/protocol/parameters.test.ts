import assert from "node:assert/strict";
import {
  checkChannel,
  checkConnectionId,
  checkExclude,
  checkExcludeSelf,
  checkIdempotencyKey,
  checkLimit,
  checkSince,
  checkSinceOfPrefix,
  checkSubscribable,
} from "../../../../handlers/protocol/parameters.ts";

/** Values that a frame can have in place of text. */
const noText = [undefined, null, true, 1, {}, [], ["news"], { toString: () => "news" }];

/** Expects each value to be returned as it is, or to be refused. */
function sort(
  check: (value: unknown) => unknown,
  { code, taken, refused }: { code: string; taken: unknown[]; refused: unknown[] },
): void {
  for (const value of taken) assert.equal(check(value), value);
  for (const value of refused) assert.throws(() => check(value), { name: "Problem", code });
}

describe("a parameter", () => {
  it("names a channel by 1 to 128 letters, digits, _ . : or -, of ASCII", () => {
    sort(checkChannel, {
      code: "invalid-channel",
      taken: ["a", "0", "A.b:c_d-e", "x".repeat(128), "constructor", "proto__"],
      refused: [
        ...noText,
        ...["", "-a", "_a", ".a", ":a", "x".repeat(129), "a b", "a#0", "a/b", "a%20", "ä", "a\n"],
      ],
    });
  });

  it("names a prefix where the stack takes these, or else a channel", () => {
    sort((name) => checkSubscribable(name, true), {
      code: "invalid-channel",
      taken: ["a", "a:*", "a::*", "1:2:3:4:5:6:7:8:*"],
      refused: [...noText, "", "*", ":*", "-a:*", "a*", "a:*:*", "1:2:3:4:5:6:7:8:9:*", "ä:*"],
    });
    sort((name) => checkSubscribable(name, false), {
      code: "invalid-channel",
      taken: ["a", "a:b"],
      refused: [...noText, "a:*"],
    });
  });

  it("says where to resume a prefix by the last id of each of its channels", () => {
    const check = (since: unknown) => checkSinceOfPrefix(since, "a:*");
    assert.equal(check(undefined), undefined);
    assert.deepEqual(check(null), new Map());
    assert.deepEqual(
      check({ a: "x", "a:b": null }),
      new Map(Object.entries({ a: "x", "a:b": null })),
    );
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`a:${at}`, null]));
    assert.equal(check(many(100))?.size, 100);
    for (const since of [
      "x",
      1,
      true,
      [],
      ["x"],
      { b: "x" },
      { "a:b": 1 },
      { "a:*": "x" },
      many(101),
    ]) {
      assert.throws(() => check(since), { name: "Problem", code: "invalid-since" });
    }
  });

  it("names a connection by base64 of either alphabet, and by no path", () => {
    sort(checkConnectionId, {
      code: "invalid-connection",
      taken: ["L0SM9cOFvHcCIhw=", "a+b/c==", "a-b_c", "x".repeat(128)],
      refused: [...noText, "", "x".repeat(129), "a.b", "..", "a b", "a%3D", "a?b", "a#b", "a\n"],
    });
  });

  it("excludes a connection by its id, or nobody", () => {
    sort(checkExclude, {
      code: "invalid-connection",
      taken: [undefined, "L0SM9cOFvHcCIhw="],
      refused: [null, true, "", "a b", "one,two"],
    });
  });

  it("excludes of a frame nobody but who sends it, who need not know its id", () => {
    const own = "L0SM9cOFvHcCIhw=";
    for (const exclude of [true, own]) assert.equal(checkExcludeSelf(exclude, own), own);
    assert.equal(checkExcludeSelf(undefined, own), undefined);
    for (const exclude of [null, false, 1, "", "a b", {}, [own]]) {
      assert.throws(() => checkExcludeSelf(exclude, own), { code: "invalid-connection" });
    }
    assert.throws(() => checkExcludeSelf("Qyi07eCbtjMCJKw=", own), { code: "forbidden" });
  });

  it("is a key for repeats by 1 to 255 visible characters of ASCII", () => {
    sort(checkIdempotencyKey, {
      code: "invalid-idempotency-key",
      taken: [undefined, "!", '"~"', "a#b", "k".repeat(255)],
      refused: [null, 1, {}, "", " ", "two words", "ü", "a\n", "a\0", "k".repeat(256)],
    });
  });

  it("says where to resume by an id of any form, by null or not at all", () => {
    sort(checkSince, {
      code: "invalid-since",
      taken: [undefined, null, "k3f9x2-42", "", "yesterday"],
      refused: [0, 1, true, false, {}, []],
    });
  });

  it("limits a list by a whole number from 1 to the list's own limit", () => {
    sort((limit) => checkLimit(limit, 1000, 100), {
      code: "invalid-limit",
      taken: [1, 2, 1000],
      refused: [0, -1, 1001, 1.5, NaN, Infinity, null, true, {}, [1], "", "x", "0", "1001", "1e2"],
    });
    for (const limit of ["-1", "+1", " 1", "1.0", "0x1", "00001", "9".repeat(400), "1\n"]) {
      assert.throws(() => checkLimit(limit, 1000, 100), { code: "invalid-limit" });
    }
  });

  it("limits a list by digits too, as a query has them, or by the default", () => {
    assert.equal(checkLimit("1000", 1000, 100), 1000);
    assert.equal(checkLimit("0010", 1000, 100), 10);
    assert.equal(checkLimit(undefined, 1000, 100), 100);
  });
});
