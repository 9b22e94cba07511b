import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";

/**
 * A server that answers a request when the test says so: a function that fetches its URL waits
 * until then. It closes after the test. Call it inside `describe`.
 */
export function heldRequests() {
  const held: { path: string | undefined; response: ServerResponse }[] = [];
  const server = createServer((request, response) => {
    held.push({ path: request.url, response });
    server.emit("held");
  });

  before(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => {
    server.closeAllConnections();
    held.length = 0;
  });
  after(() => server.close());

  return {
    url(path = "/"): string {
      const address = server.address();
      return typeof address === "object" ? `http://127.0.0.1:${address?.port ?? 0}${path}` : "";
    },
    /** Resolves when `count` requests are held. */
    async arrived(count: number): Promise<void> {
      while (held.length < count) await once(server, "held");
    },
    count: () => held.length,
    /** Answers the request for this path that has waited longest. */
    release(path = "/"): void {
      const index = held.findIndex((request) => request.path === path);
      assert.notEqual(index, -1);
      for (const { response } of held.splice(index, 1)) response.end();
    },
  };
}
