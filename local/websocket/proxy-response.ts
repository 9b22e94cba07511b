import { proxyResult, type ProxyResult } from "../gateway/proxy-result.ts";

const keys = new Set(["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"]);

/** Reads what a function returned. Returns undefined if it is malformed. */
export function proxyResponse(value: unknown): ProxyResult | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  // AWS takes a result with any other key as malformed, even beside a valid statusCode.
  return Object.keys(value).every((key) => keys.has(key)) ? proxyResult(value) : undefined;
}
