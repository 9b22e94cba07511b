import assert from "node:assert/strict";
import { whenAsked } from "../../../../handlers/aws/when-asked.ts";

describe("what is made when it is asked for", () => {
  it("is made once for all who ask, and not before", async () => {
    let made = 0;
    const ask = whenAsked(() => Promise.resolve(++made));
    assert.equal(made, 0);
    assert.deepEqual(await Promise.all([ask(), ask()]), [1, 1]);
    assert.equal(await ask(), 1);
  });

  it("fails all who ask meanwhile where it cannot be made, and is made anew for the next", async () => {
    const results = [Promise.reject(new Error("not there")), Promise.resolve("made")];
    const ask = whenAsked(() => results.shift() ?? assert.fail());
    const asked = await Promise.allSettled([ask(), ask()]);
    assert.deepEqual(
      asked.map(({ status }) => status),
      ["rejected", "rejected"],
    );
    assert.equal(await ask(), "made");
    assert.equal(await ask(), "made");
  });
});
