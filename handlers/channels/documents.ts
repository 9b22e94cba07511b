import asyncapi from "./asyncapi.json" with { type: "json" };
import openapi from "./openapi.json" with { type: "json" };

/** The OpenAPI document of the HTTP API. Its server is relative: the stage that gives it out. */
export function openApiDocument() {
  return openapi;
}

/** The AsyncAPI document of the WebSocket API that has this URL. */
export function asyncApiDocument(websocketUrl: string) {
  const { protocol, host, pathname } = new URL(websocketUrl);
  return {
    ...asyncapi,
    servers: { stage: { host, pathname, protocol: protocol.replace(":", "") } },
  };
}
