import assert from "node:assert/strict";
import { faultSwitch } from "../../../../local/cli/fault-switch.ts";

describe("faults that are switched", () => {
  /** What becomes of a post and of a request to the table. */
  const asked = ({ faults }: ReturnType<typeof faultSwitch>) => [
    faults.post?.("id"),
    faults.dynamodb?.({ operation: "Query", body: {} }),
  ];

  it("are asked as they are now", () => {
    const switched = faultSwitch([], () => 0);
    assert.deepEqual(asked(switched), [undefined, undefined]);
    switched.choose(["post:500:10%", "dynamodb:error:10%"]);
    assert.deepEqual(asked(switched), [500, { type: "InternalServerError" }]);
    assert.deepEqual(switched.chosen(), ["post:500:10%", "dynamodb:error:10%"]);
    switched.choose([]);
    assert.deepEqual(asked(switched), [undefined, undefined]);
  });

  it("stay as they were where the new ones are wrong", () => {
    const switched = faultSwitch(["post:500:10%"], () => 0);
    assert.throws(() => {
      switched.choose(["post:500:200%"]);
    }, /has no share above 0% and up to 100%/);
    assert.deepEqual(asked(switched), [500, undefined]);
    assert.deepEqual(switched.chosen(), ["post:500:10%"]);
  });
});
