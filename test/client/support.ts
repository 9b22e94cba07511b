import { WebSocket } from "ws";
import type { Channels, Options } from "../../client/index.ts";

/** What the client takes for the platform's WebSocket on Node 20. */
type SocketClass = NonNullable<Options["WebSocket"]>;

/** A class of sockets that a test can see and cut. */
export function socketClass(): { Class: SocketClass; sockets: Set<WebSocket> } {
  const sockets = new Set<WebSocket>();
  class TestSocket extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { perMessageDeflate: false });
      sockets.add(this);
      this.on("close", () => sockets.delete(this));
    }
  }
  return { Class: TestSocket, sockets };
}

/** Resolves when a client is in a state, now or later. */
export async function inState(client: Channels, state: Channels["state"]): Promise<void> {
  while (client.state !== state) {
    await new Promise((resolve) => {
      client.addEventListener("statechange", resolve, { once: true });
    });
  }
}
