import type { IncomingMessage } from "node:http";
import { addedHeaders } from "../gateway/added-headers.ts";

// Cookies have a field of their own in the event; the others are of the hop to the gateway.
const omitted = new Set(["connection", "cookie", "keep-alive", "transfer-encoding", "upgrade"]);

/**
 * Returns the headers of a request as its event has them: names in lower case, the values of a
 * repeated name joined by commas, and the headers that API Gateway adds.
 */
export function eventHeaders(
  request: IncomingMessage,
  body: Buffer,
  now: number,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, values = []] of Object.entries(request.headersDistinct)) {
    if (!omitted.has(name)) headers[name] = values.join(",");
  }
  headers["content-length"] = String(body.length);
  for (const [name, value] of addedHeaders(request, now)) headers[name.toLowerCase()] = value;
  return headers;
}
