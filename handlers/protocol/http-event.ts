import { getBuiltinModule } from "node:process";
import type { Problem, ProblemCode } from "./problem.ts";

// An import of node:http reads everything that it exports, and with its WebSocket, in Node 24, the whole
// of fetch is loaded: 20 to 30 ms of each cold start.
const { STATUS_CODES } = getBuiltinModule("node:http");

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
    http: { sourceIp: string };
    authorizer?: {
      /** Where the route has a JWT authorizer; all values are text. */
      jwt?: { claims: Record<string, string> };
      /** Where it wants a signature. */
      iam?: { userArn: string };
    };
  };
  body?: string;
  isBase64Encoded: boolean;
};

export type HttpResult = {
  statusCode: number;
  headers?: Record<string, string>;
  body?: string;
  isBase64Encoded?: boolean;
};

/** Answers with JSON; `body` is its text. */
export function jsonResult(
  statusCode: number,
  body: string,
  headers: Record<string, string> = {},
): HttpResult {
  return { statusCode, headers: { "content-type": "application/json", ...headers }, body };
}

/** A Problem as RFC 9457 writes it: `code` is for programs, `detail` for people. */
export type ProblemMembers = {
  title: string | undefined;
  status: number;
  code: ProblemCode;
  detail: string;
};

export function problemMembers({ status, code, message }: Problem): ProblemMembers {
  return { title: STATUS_CODES[status], status, code, detail: message };
}

/** Answers with a Problem. */
export function problemResult(problem: Problem): HttpResult {
  const { status, retryAfter } = problem;
  return {
    statusCode: status,
    headers: {
      "content-type": "application/problem+json",
      ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }),
    },
    body: JSON.stringify(problemMembers(problem)),
  };
}
