import type { IncomingMessage } from "node:http";
import type { CorsDescription } from "../graph/description.ts";

/** https://developer.mozilla.org/en-US/docs/Glossary/Preflight_request */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return (
    method === "OPTIONS" &&
    headers.origin !== undefined &&
    headers["access-control-request-method"] !== undefined
  );
}

/** Whether a header of a response belongs to CORS: with CORS on the API, a function's own do not count. */
export function isCorsHeader(name: string): boolean {
  return name.toLowerCase().startsWith("access-control-");
}

/**
 * The headers that the gateway itself adds to an answer, by the API's CORS configuration; none
 * where the origin is not one of those allowed.
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
