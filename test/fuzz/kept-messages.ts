import assert from "node:assert/strict";
import type { TestStack } from "../support/test-stack.ts";
import { invokeHttp } from "../support/invoke.ts";
import { fewNames } from "./texts.ts";

/** Publishes to each of the few channels, and returns their epochs. */
export async function keepMessages(stack: TestStack): Promise<string[]> {
  const epochs: string[] = [];
  for (const channel of fewNames) {
    const parts = { pathParameters: { channel }, body: "kept" };
    const { body } = await invokeHttp(stack, "POST /channels/{channel}/messages", parts);
    assert.ok(typeof body.id === "string");
    epochs.push(body.id.replace(/-1$/, ""));
  }
  return epochs;
}
