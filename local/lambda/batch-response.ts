import type { InvokeResult } from "../shared/invoke.ts";

/**
 * Of the messages that a function got, by their ids, those that it has done with. A function that
 * reports nothing has done them all; one that failed, or whose report says anything else than ids of
 * its messages, has done none.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function succeeded(ids: string[], result: InvokeResult, reportsFailures: boolean): string[] {
  if (result.outcome !== "returned") return [];
  const reported = reportsFailures ? failuresIn(result.value) : [];
  const failed = reported.map((item) => property(item, "itemIdentifier"));
  if (!failed.every((id) => typeof id === "string" && ids.includes(id))) return [];
  return ids.filter((id) => !failed.includes(id));
}

function failuresIn(value: unknown): unknown[] {
  const failures = property(value, "batchItemFailures") ?? [];
  return [failures].flat();
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? new Map(Object.entries(value)).get(name)
    : undefined;
}
