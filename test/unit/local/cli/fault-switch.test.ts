import assert from "node:assert/strict";
import { faultSwitch } from "../../../../local/cli/fault-switch.ts";

describe("faults that are switched", () => {
  const request = { operation: "Query", body: {} };

  it("are asked as they are now", () => {
    const { faults, choose, chosen } = faultSwitch([], () => 0);
    assert.equal(faults.post?.("id"), undefined);
    choose(["post:500:10%", "dynamodb:error:10%"]);
    assert.equal(faults.post?.("id"), 500);
    assert.deepEqual(faults.dynamodb?.(request), { type: "InternalServerError" });
    assert.deepEqual(chosen(), ["post:500:10%", "dynamodb:error:10%"]);
    choose([]);
    assert.equal(faults.post?.("id"), undefined);
    assert.equal(faults.dynamodb?.(request), undefined);
  });

  it("stay as they were where the new ones are wrong", () => {
    const { faults, choose, chosen } = faultSwitch(["post:500:10%"], () => 0);
    assert.throws(() => {
      choose(["post:500:200%"]);
    }, /has no share above 0% and up to 100%/);
    assert.equal(faults.post?.("id"), 500);
    assert.deepEqual(chosen(), ["post:500:10%"]);
  });
});
