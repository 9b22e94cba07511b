/** What API Gateway hands to the function of an HTTP API route, payload format 2.0. */
export type HttpEvent = {
  /** As in `POST /`. */
  routeKey: string;
  /** Lower-case names. */
  headers: Record<string, string>;
  requestContext: { requestId: string };
  body?: string;
  isBase64Encoded: boolean;
};

export type HttpResult = {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
};

/** A JSON answer. */
export function json(statusCode: number, value: unknown): HttpResult {
  return {
    statusCode,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(value),
  };
}
