import { STATUS_CODES } from "node:http";
import type { Problem } from "./problem.ts";

/** What API Gateway hands to the function of an HTTP API's route, payload format 2.0. */
export type HttpEvent = {
  /** As in `POST /channels/{channel}/messages`. */
  routeKey: string;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** Repeated ones are joined by commas. */
  queryStringParameters?: Record<string, string>;
  pathParameters?: Record<string, string>;
  requestContext: {
    requestId: string;
    routeKey: string;
    /** The claims of a token, where the route has a JWT authorizer: all values are text. */
    authorizer?: { jwt?: { claims: Record<string, string> } };
  };
  body?: string;
  isBase64Encoded: boolean;
};

export type HttpResult = {
  statusCode: number;
  headers?: Record<string, string>;
  body?: string;
};

/** Answers with JSON. */
export function jsonResult(statusCode: number, value: unknown): HttpResult {
  return {
    statusCode,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(value),
  };
}

/** Answers with a Problem as RFC 9457 writes it: `code` is for programs, `detail` for people. */
export function problemResult({ status, code, message }: Problem): HttpResult {
  return {
    statusCode: status,
    headers: { "content-type": "application/problem+json" },
    body: JSON.stringify({ title: STATUS_CODES[status], status, code, detail: message }),
  };
}
