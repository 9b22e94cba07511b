import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Returns the headers that API Gateway adds to a request, with names in the case of WebSocket APIs. */
export function addedHeaders({ socket }: IncomingMessage, now: number): [string, string][] {
  return [
    ["X-Amzn-Trace-Id", traceId(now)],
    ["X-Forwarded-For", socket.remoteAddress ?? ""],
    ["X-Forwarded-Port", String(socket.localPort)],
    ["X-Forwarded-Proto", "http"],
  ];
}

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-traceids */
function traceId(now: number): string {
  const seconds = Math.floor(now / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString("hex")}`;
}
