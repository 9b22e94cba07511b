import assert from "node:assert/strict";
import { RunError } from "@pulumi/pulumi";
import { refusal } from "../../../infra/refusal.ts";

describe("a refusal", () => {
  it("is Pulumi's error for users, and has no stack to color", () => {
    const { message, stack } = refusal("Say it in one line.");
    assert.deepEqual([message, stack], ["Say it in one line.", ""]);
    assert.ok(RunError.isInstance(refusal("")));
  });
});
