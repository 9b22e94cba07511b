import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { close, hostOf } from "../../local/shared/listen.ts";

/** The answer to one post: a status, or none at all. */
export type Fate = number | "hang";

/** A server in place of @connections, which answers each post as the test decides. */
export class FakeConnections {
  /** The frames that each connection has got, by its id. */
  readonly frames = new Map<string, string[]>();
  /** The number of posts that wait for an answer. */
  hanging = 0;
  readonly #server: Server;

  constructor(fate: (connectionId: string) => Fate) {
    this.#server = createServer((request, response) => {
      const connectionId = decodeURIComponent(request.url?.split("/").at(-1) ?? "");
      void text(request).then((frame) => {
        const status = fate(connectionId);
        if (status === "hang") {
          this.hanging += 1;
          response.on("close", () => (this.hanging -= 1));
          return;
        }
        if (status === 200) {
          this.frames.set(connectionId, [...(this.frames.get(connectionId) ?? []), frame]);
        }
        response.writeHead(status).end();
      });
    });
  }

  /** Returns the endpoint of a stage. */
  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://${hostOf(this.#server)}/staging`;
  }

  close(): Promise<void> {
    return close(this.#server);
  }
}
