/** What a function behind a Lambda proxy integration answers. */
export type ProxyResponse = {
  statusCode: number;
  /** Names in the function's own case. */
  headers: Record<string, string>;
  /** Text, already decoded where the function sent base64; empty where it sent none. */
  body: string;
};

const keys = new Set(["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"]);

/** Reads what a function returned; undefined where it is no proxy response. */
export function proxyResponse(value: unknown): ProxyResponse | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  // AWS takes a result with any other key for malformed, even beside a valid statusCode.
  if (!Object.keys(value).every((key) => keys.has(key))) return undefined;

  const { statusCode, headers, body, isBase64Encoded }: Record<string, unknown> = { ...value };
  if (!isStatus(statusCode)) return undefined;
  if (body !== undefined && body !== null && typeof body !== "string") return undefined;
  const text = body ?? "";
  return {
    statusCode,
    headers: headerTexts(headers),
    body: isBase64Encoded === true ? Buffer.from(text, "base64").toString() : text,
  };
}

function isStatus(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 200 && value < 600;
}

function headerTexts(headers: unknown): Record<string, string> {
  if (typeof headers !== "object" || headers === null) return {};
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]: [string, unknown]) => [name, String(value)]),
  );
}
