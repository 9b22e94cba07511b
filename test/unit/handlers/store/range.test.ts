import assert from "node:assert/strict";
import fc from "fast-check";
import { connectionIdForm } from "../../../../handlers/protocol/limits.ts";
import { halvesOf, type Range } from "../../../../handlers/store/range.ts";

const range = (after: string): Range => ({ shards: 4, shard: 3, after, halvings: 1 });
const ids = fc.stringMatching(connectionIdForm);

describe("the halves of a range", () => {
  it("hold together what the range held, each id in one of them", () => {
    fc.assert(
      fc.property(ids, ids, ids, (one, other, id) => {
        const [after = "", upTo = ""] = [one, other].sort();
        fc.pre(after < upTo);
        const holds = (part: Range) => id > part.after && id <= (part.upTo ?? "");
        const inHalves = halvesOf(range(after), upTo).filter(holds).length;
        assert.equal(inHalves, id > after && id <= upTo ? 1 : 0);
      }),
    );
  });

  it("are of the same shard, and halved once more", () => {
    const [first, second] = halvesOf(range("A"), "C");
    assert.deepEqual(first, { shards: 4, shard: 3, after: "A", upTo: "B+", halvings: 2 });
    assert.deepEqual(second, { shards: 4, shard: 3, after: "B+", upTo: "C", halvings: 2 });
  });

  it("share ids of API Gateway's evenly, also where they all begin alike", () => {
    const many = Array.from({ length: 1_000 }, (_, number) => {
      const middle = Buffer.from([number >> 8, number, 7, 7, 7, 7]).toString("base64url");
      return `L0SM9c${middle}Ihw=`;
    }).sort();
    const [first] = halvesOf(range(many[0] ?? ""), many.at(-1) ?? "");
    const inFirst = many.filter((id) => id <= (first?.upTo ?? "")).length;
    assert.ok(inFirst > 300 && inFirst < 700, String(inFirst));
  });

  it("are the range itself where no id comes in between", () => {
    assert.deepEqual(halvesOf(range("a"), "a+"), [{ ...range("a"), upTo: "a+" }]);
  });
});
