import { brotliCompressSync, gzipSync } from "node:zlib";
import type { HttpEvent, HttpResult } from "./http-event.ts";

// Each is loaded when somebody asks for it: most instances never are.

/** The OpenAPI document of the HTTP API. Its server is relative: the stage that serves it. */
export async function openApiDocument() {
  const { default: document } = await import("./openapi.json", { with: { type: "json" } });
  return document;
}

/** The AsyncAPI document of the WebSocket API that has this URL. */
export async function asyncApiDocument(websocketUrl: string) {
  const { default: document } = await import("./asyncapi.json", { with: { type: "json" } });
  const { protocol, host, pathname } = new URL(websocketUrl);
  return {
    ...document,
    servers: { stage: { host, pathname, protocol: protocol.replace(":", "") } },
  };
}

/** Serves the client, to pages of any origin: an HTTP API compresses nothing itself. */
export async function clientResult({ headers }: Pick<HttpEvent, "headers">): Promise<HttpResult> {
  const { default: text } = await import("websocket-channels-client/served");
  const accepted = (headers["accept-encoding"] ?? "").split(",").map((coding) => coding.trim());
  const [coding, body] = accepted.includes("br")
    ? ["br", brotliCompressSync(text)]
    : accepted.includes("gzip")
      ? ["gzip", gzipSync(text)]
      : [undefined, Buffer.from(text)];
  return {
    statusCode: 200,
    headers: {
      "content-type": "text/javascript",
      "cache-control": "public, max-age=3600",
      "access-control-allow-origin": "*",
      vary: "accept-encoding",
      ...(coding !== undefined && { "content-encoding": coding }),
    },
    body: body.toString("base64"),
    isBase64Encoded: true,
  };
}
