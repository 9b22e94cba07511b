import assert from "node:assert/strict";
import fc from "fast-check";
import { Batch } from "../../../../handlers/delivery/batch.ts";

describe("a batch", () => {
  it("hands on each item once, in order, so many at a time and the rest when it is flushed", async () => {
    const property = fc.asyncProperty(
      ...([fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(9), { maxLength: 20 })] as const),
      async (size, items) => {
        const handed: number[][] = [];
        const batch = new Batch<number>(size, (some) => Promise.resolve(void handed.push(some)));
        for (const [index, item] of items.entries()) {
          await batch.add(item);
          assert.equal(handed.flat().length, Math.floor((index + 1) / size) * size);
        }
        await batch.flush();
        await batch.flush();
        assert.deepEqual(handed.flat(), items);
        assert.ok(
          handed.every(({ length }, index) => length === size || index + 1 === handed.length),
        );
        assert.ok(handed.every(({ length }) => length > 0));
        assert.equal(batch.count, items.length);
      },
    );
    await fc.assert(property);
  });

  it("loses none and hands on none twice, while it waits for those before", async () => {
    const handed: number[][] = [];
    const batch = new Batch<number>(3, async (items) => {
      await new Promise(setImmediate);
      handed.push(items);
    });
    await Promise.all([0, 1, 2, 3, 4, 5, 6].map((item) => batch.add(item)));
    await Promise.all([batch.flush(), batch.flush()]);
    assert.deepEqual(handed, [[0, 1, 2], [3, 4, 5], [6]]);
  });

  it("makes who fills it or flushes it wait until its items are taken, and tells where they are not", async () => {
    const refused = new Error("not taken");
    const batch = new Batch<number>(2, async () => {
      await new Promise(setImmediate);
      throw refused;
    });
    await batch.add(1);
    await assert.rejects(batch.add(2), refused);
    await batch.add(3);
    await assert.rejects(batch.flush(), refused);
  });
});
