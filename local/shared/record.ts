/** Returns whether a value is an object that is not an array, as a JSON object is. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns a value if it is such an object, otherwise an empty one. */
export function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** Returns a value that is a list; an empty list for any other. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
