import assert from "node:assert/strict";
import { WebSocket } from "ws";
import type { Channels, Message, Options } from "../../client/index.ts";

/** What the client takes in place of the platform's WebSocket. */
type SocketClass = NonNullable<Options["WebSocket"]>;

/** A socket of `ws` as the client makes it, without compression. */
export class TestSocket extends WebSocket {
  constructor(url: string, protocols: string[]) {
    super(url, protocols, { perMessageDeflate: false });
  }
}

/** A class of sockets that a test can see and cut. */
export function socketClass(): { Class: SocketClass; sockets: Set<WebSocket> } {
  const sockets = new Set<WebSocket>();
  class KnownSocket extends TestSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols);
      sockets.add(this);
      this.on("close", () => sockets.delete(this));
    }
  }
  return { Class: KnownSocket, sockets };
}

/** Resolves when a client is in a state, now or later. */
export async function inState(client: Channels, state: Channels["state"]): Promise<void> {
  while (client.state !== state) {
    await new Promise((resolve) => {
      client.addEventListener("statechange", resolve, { once: true });
    });
  }
}

/** Fails unless these messages of one channel are in its order. */
export function assertInOrder(received: Message[]): void {
  const sequences = received.map(({ id }) => Number(id.split("-")[1]));
  assert.deepEqual(
    sequences,
    [...sequences].sort((one, other) => one - other),
  );
}

/** Fails unless these messages are the numbers from 0 on, so many of them and each once. */
export function assertEachOnce(received: Message[], count: number): void {
  const numbers = received.map(({ data }) => data as number).sort((one, other) => one - other);
  assert.deepEqual(
    numbers,
    Array.from({ length: count }, (_, index) => index),
  );
}
