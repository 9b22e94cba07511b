import { key, parseMapping } from "./config-key.ts";

const functions = ["websocket", "http", "fanout", "authorizer"] as const;

/** Megabytes of each function; CPU grows with it. */
export type MemorySizes = Record<(typeof functions)[number], number>;

const byDefault = 512;

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
const least = 128;
const most = 10_240;

/** The key of the stack config that gives functions more memory than they have by default, or less. */
export const memorySize = key({
  expected: `megabytes from ${least} to ${most} for ${functions.join(", ")}: "pulumi config set --path memorySize.http 1024"`,
  parse: parseSizes,
  byDefault: "{}",
});

function parseSizes(value: string): MemorySizes | undefined {
  const sizes = parseMapping(value);
  if (sizes === undefined) return undefined;
  const wrong = Object.entries(sizes).filter(
    ([name, size]) =>
      !functions.some((fn) => fn === name) ||
      !(Number.isInteger(size) && Number(size) >= least && Number(size) <= most),
  );
  if (wrong.length > 0) return undefined;
  const sizeOf = (fn: string) => Number(sizes[fn] ?? byDefault);
  return {
    websocket: sizeOf("websocket"),
    http: sizeOf("http"),
    fanout: sizeOf("fanout"),
    authorizer: sizeOf("authorizer"),
  };
}
