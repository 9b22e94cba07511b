import { key } from "./config-key.ts";

const origin = /^(\*|https?:\/\/(\*|[^/\s*]+))$/;

/** The key of the stack config that names the origins, as JSON; API Gateway takes these forms. */
export const corsOrigins = key({
  expected: 'a list such as ["https://example.com"]',
  parse: parseOrigins,
  byDefault: "[]",
});

function parseOrigins(value: string): string[] | undefined {
  let list: unknown;
  try {
    list = JSON.parse(value);
  } catch {
    return undefined;
  }
  const isOrigin = (entry: unknown) => typeof entry === "string" && origin.test(entry);
  return Array.isArray(list) && list.every(isOrigin) ? list.map(String) : undefined;
}
