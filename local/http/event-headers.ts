import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";

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
  return {
    ...headers,
    "content-length": String(body.length),
    "x-amzn-trace-id": traceId(now),
    "x-forwarded-for": request.socket.remoteAddress ?? "",
    "x-forwarded-port": String(request.socket.localPort),
    "x-forwarded-proto": "http",
  };
}

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-traceids */
function traceId(now: number): string {
  const seconds = Math.floor(now / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString("hex")}`;
}
