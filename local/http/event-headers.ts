import type { IncomingMessage } from "node:http";
import { addedHeaders } from "../gateway/added-headers.ts";

// Cookies have a place of their own in the event; the others belong to the hop to the gateway.
const leftOut = new Set(["connection", "cookie", "keep-alive", "transfer-encoding", "upgrade"]);

/**
 * The headers of a request as its event has them: lower-case names, the values of a repeated name
 * joined by commas, and what API Gateway adds.
 */
export function eventHeaders(
  request: IncomingMessage,
  body: Buffer,
  now: number,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, values = []] of Object.entries(request.headersDistinct)) {
    if (!leftOut.has(name)) headers[name] = values.join(",");
  }
  headers["content-length"] = String(body.length);
  for (const [name, value] of addedHeaders(request, now)) headers[name.toLowerCase()] = value;
  return headers;
}
