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

let codedClient: Promise<Record<"br" | "gzip" | "identity", string>> | undefined;

/** Compresses the client once an instance, as base64: an HTTP API compresses nothing itself. */
async function codeClient() {
  const { brotliCompressSync, gzipSync } = await import("node:zlib");
  const { default: text } = await import("websocket-channels-client/served");
  return {
    br: brotliCompressSync(text).toString("base64"),
    gzip: gzipSync(text).toString("base64"),
    identity: Buffer.from(text).toString("base64"),
  };
}

/** Serves the client, to pages of any origin. */
export async function clientResult({ headers }: Pick<HttpEvent, "headers">): Promise<HttpResult> {
  const coded = await (codedClient ??= codeClient());
  const accepted = (headers["accept-encoding"] ?? "").split(",").map((coding) => coding.trim());
  const coding = (["br", "gzip"] as const).find((coding) => accepted.includes(coding));
  return {
    statusCode: 200,
    headers: {
      "content-type": "text/javascript",
      "cache-control": "public, max-age=3600",
      "access-control-allow-origin": "*",
      vary: "accept-encoding",
      ...(coding !== undefined && { "content-encoding": coding }),
    },
    body: coded[coding ?? "identity"],
    isBase64Encoded: true,
  };
}
