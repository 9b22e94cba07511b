import assert from "node:assert/strict";
import type { Operation } from "./provider/aws-provider.ts";

/** As in `update Function websocket-channels-staging-fanout`. */
export function shown({ operation, type, name }: Operation): string {
  return `${operation} ${type.replace(/^.*:/, "")} ${name}`;
}

/** Asserts that what a change leaves behind goes when all else has been done. */
export function assertKept(operations: Operation[]): void {
  const first = operations.findIndex(({ operation }) => operation === "delete");
  if (first === -1) return;
  const rest = operations.slice(first).filter(({ operation }) => operation !== "delete");
  assert.deepEqual(rest.map(shown), []);
}
