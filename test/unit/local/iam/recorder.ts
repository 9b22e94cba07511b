import { once } from "node:events";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import type { SignedRequest } from "../../../../local/shared/access.ts";
import { close, hostOf } from "../../../../local/shared/listen.ts";

/** A server that answers every request with 200 and `{}`, and keeps the requests as they came. */
export async function recorder() {
  const requests: SignedRequest[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const { method = "", url = "", headers } = request;
      requests.push({ method, url, headers, body });
      response.setHeader("content-type", "application/json").end("{}");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://${hostOf(server)}`,
    /** Returns the one request that has come since the last call. */
    take(): SignedRequest {
      const [request, ...more] = requests.splice(0);
      if (request === undefined || more.length > 0) throw new Error("Not exactly one request.");
      return request;
    },
    close: () => close(server),
  };
}
