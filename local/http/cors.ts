import type { IncomingMessage } from "node:http";
import type { CorsDescription } from "../graph/api-description.ts";

/**
 * Returns whether a browser asks what it may send.
 * https://developer.mozilla.org/en-US/docs/Glossary/Preflight_request
 */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return (
    method === "OPTIONS" &&
    headers.origin !== undefined &&
    headers["access-control-request-method"] !== undefined
  );
}

/** Returns whether a header is one of CORS. With CORS on the API, those of a function are dropped. */
export function isCorsHeader(name: string): boolean {
  return name.toLowerCase().startsWith("access-control-");
}

/**
 * Returns the headers that the gateway adds to a response by the API's CORS configuration: none if
 * the request's origin is not allowed.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function corsHeaders(cors: CorsDescription, request: IncomingMessage): [string, string][] {
  const { origin } = request.headers;
  if (origin === undefined || !cors.allowOrigins.some((allowed) => allows(allowed, origin))) {
    return [];
  }
  if (request.method === "OPTIONS" && !isPreflight(request)) return [];

  const headers: Record<string, string | undefined> = {
    "access-control-allow-origin": cors.allowOrigins.includes("*") ? "*" : origin,
    "access-control-allow-credentials": cors.allowCredentials ? "true" : undefined,
    ...(isPreflight(request)
      ? {
          "access-control-allow-methods": list(cors.allowMethods),
          "access-control-allow-headers": list(cors.allowHeaders),
          "access-control-max-age": cors.maxAge?.toString(),
        }
      : { "access-control-expose-headers": list(cors.exposeHeaders) }),
  };
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
}

function allows(allowed: string, origin: string): boolean {
  const [scheme] = allowed.split("*");
  return allowed.endsWith("*") ? origin.startsWith(scheme ?? "") : origin === allowed;
}

function list(names: string[]): string | undefined {
  return names.length === 0 ? undefined : names.join(",");
}
