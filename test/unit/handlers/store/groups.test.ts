import assert from "node:assert/strict";
import fc from "fast-check";
import { inGroups } from "../../../../handlers/store/groups.ts";

describe("groups of items", () => {
  it("are full but for the last, and hold each item once, in order", () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 9 }), (items, size) => {
        const groups = inGroups(items, size);
        assert.deepEqual(groups.flat(), items);
        assert.ok(groups.slice(0, -1).every((group) => group.length === size));
        assert.ok(groups.every((group) => group.length > 0 && group.length <= size));
      }),
    );
  });
});
