// Both documents are loaded when somebody asks for them: most instances never do.

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
