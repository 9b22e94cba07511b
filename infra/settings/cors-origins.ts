import { key } from "./config-key.ts";

const origin = /^(\*|https?:\/\/(\*|[^/\s*]+))$/;

/** The key of the stack config that lists the origins, as JSON, in the forms that API Gateway takes. */
export const corsOrigins = key({
  expected: `a list of origins: "pulumi config set --path 'corsOrigins[0]' https://example.com"`,
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
