import { validateHeaderName, validateHeaderValue } from "node:http";
import type { IntegrationResult } from "../gateway/integration.ts";
import { proxyResult, type Header } from "../gateway/proxy-result.ts";

/** A response to a client. */
export type HttpResponse = {
  statusCode: number;
  headers: Header[];
  body: string | Buffer;
};

// The gateway frames the body itself, whatever the function says of it.
const framing = new Set(["connection", "content-length", "keep-alive", "transfer-encoding"]);

/** Returns a response of the gateway's own. */
export function gatewayResponse(statusCode: number, message: string): HttpResponse {
  return {
    statusCode,
    headers: [["content-type", "application/json"]],
    body: JSON.stringify({ message }),
  };
}

/** Returns the response to a request whose function has been called. */
export function integrationResponse(result: IntegrationResult<HttpResponse>): HttpResponse {
  switch (result.outcome) {
    case "replied":
      return result.reply;
    case "failed":
      return gatewayResponse(500, "Internal Server Error");
    case "timed out":
      return gatewayResponse(503, "Service Unavailable");
  }
}

/**
 * Reads what a function returned, in payload format 2.0. Returns undefined if it is malformed.
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

  const result = proxyResult(value);
  const cookies = cookieFields("cookies" in value ? (value.cookies ?? []) : []);
  if (result === undefined || cookies === undefined) return undefined;
  const fields = result.headers.filter(([name]) => !framing.has(name.toLowerCase()));
  if (![...fields, ...cookies].every(isHeader)) return undefined;

  const typed = fields.some(([name]) => name.toLowerCase() === "content-type");
  const contentType: Header[] = typed ? [] : [["content-type", "text/plain; charset=utf-8"]];
  return { ...result, headers: [...contentType, ...fields, ...cookies] };
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
