import { validateHeaderName, validateHeaderValue } from "node:http";

/** An answer to a client. */
export type HttpResponse = {
  statusCode: number;
  headers: Header[];
  body: string | Buffer;
};

type Header = [name: string, value: string];

// The gateway frames the body itself.
const framing = new Set(["connection", "content-length", "keep-alive", "transfer-encoding"]);

/** An answer of the gateway's own. */
export function gatewayResponse(statusCode: number, message: string): HttpResponse {
  return {
    statusCode,
    headers: [["content-type", "application/json"]],
    body: JSON.stringify({ message }),
  };
}

/**
 * What a function's return value becomes, by payload format 2.0; undefined where it is malformed.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function functionResponse(value: unknown): HttpResponse | undefined {
  if (typeof value !== "object" || value === null || !("statusCode" in value)) {
    return {
      statusCode: 200,
      headers: [["content-type", "application/json"]],
      body: typeof value === "string" ? value : JSON.stringify(value),
    };
  }

  const { statusCode, headers, cookies, body, isBase64Encoded }: Record<string, unknown> = {
    ...value,
  };
  const fields = headerFields(headers ?? {});
  const setCookies = cookieFields(cookies ?? []);
  const text = body ?? "";
  if (!isStatus(statusCode) || fields === undefined || setCookies === undefined) return undefined;
  if (typeof text !== "string" || ![...fields, ...setCookies].every(isHeader)) return undefined;

  const typed = fields.some(([name]) => name.toLowerCase() === "content-type");
  const contentType: Header[] = typed ? [] : [["content-type", "text/plain; charset=utf-8"]];
  return {
    statusCode,
    headers: [...contentType, ...fields, ...setCookies],
    body: isBase64Encoded === true ? Buffer.from(text, "base64") : text,
  };
}

function isStatus(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 200 && value < 600;
}

function headerFields(headers: unknown): Header[] | undefined {
  if (typeof headers !== "object" || headers === null || Array.isArray(headers)) return undefined;
  if (Object.values(headers).some((value) => typeof value === "object")) return undefined;
  return Object.entries(headers)
    .filter(([name]) => !framing.has(name.toLowerCase()))
    .map(([name, value]) => [name, String(value)]);
}

function cookieFields(cookies: unknown): Header[] | undefined {
  if (!Array.isArray(cookies) || !cookies.every((cookie) => typeof cookie === "string")) {
    return undefined;
  }
  return cookies.map((cookie) => ["set-cookie", cookie]);
}

function isHeader([name, value]: Header): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
