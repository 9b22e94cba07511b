/** The result of a Lambda proxy integration, as both payload formats have it. */
export type ProxyResult = {
  statusCode: number;
  /** Names in the function's own case. */
  headers: Header[];
  /** Decoded if the function sent base64, empty if it sent none. */
  body: Buffer;
};

export type Header = [name: string, value: string];

/** Reads what a function returned. Returns undefined if its status, headers or body are malformed. */
export function proxyResult(value: object): ProxyResult | undefined {
  const { statusCode, headers, body, isBase64Encoded }: Record<string, unknown> = { ...value };
  const fields = headerFields(headers ?? {});
  const text = body ?? "";
  if (!isStatus(statusCode) || fields === undefined || typeof text !== "string") return undefined;
  return {
    statusCode,
    headers: fields,
    body: Buffer.from(text, isBase64Encoded === true ? "base64" : "utf8"),
  };
}

function isStatus(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 200 && value < 600;
}

function headerFields(headers: unknown): Header[] | undefined {
  if (typeof headers !== "object" || headers === null || Array.isArray(headers)) return undefined;
  const fields: [string, unknown][] = Object.entries(headers);
  if (fields.some(([, value]) => typeof value === "object")) return undefined;
  return fields.map(([name, value]) => [name, String(value)]);
}
