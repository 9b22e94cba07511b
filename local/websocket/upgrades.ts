import { once } from "node:events";
import { STATUS_CODES, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type VerifyClientCallbackAsync, type WebSocket } from "ws";
import type { Clock } from "../shared/clock.ts";
import type { ConnectionContext } from "./connection-context.ts";
import { maxMessageBytes } from "./connection.ts";
import type { Handshake } from "./handshake.ts";

/** Milliseconds that a client has to answer the close frame when the gateway closes. */
const maxCloseMilliseconds = 1000;

/** The sockets of a WebSocket API, from their upgrade request on. */
export type Upgrades = {
  /** Listener for the `upgrade` event of an HTTP server. */
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Ends the handshakes that are under way. Resolves when no socket is left. */
  close: () => Promise<void>;
};

/** Upgrades the handshakes that `decide` accepts. */
export function upgrades(options: {
  /** Asked only about well-formed WebSocket handshakes. */
  decide: (request: IncomingMessage) => Promise<Handshake>;
  onOpen: (socket: WebSocket, context: ConnectionContext, request: IncomingMessage) => void;
  /** Called instead of `onOpen` if the client left before its handshake was accepted. */
  onVanished: (context: ConnectionContext) => void;
  clock: Clock;
}): Upgrades {
  const { decide, onOpen, onVanished, clock } = options;
  const undecided = new Set<Duplex>();
  const accepted = new WeakMap<IncomingMessage, Handshake & { accepted: true }>();

  const verifyClient: VerifyClientCallbackAsync = ({ req: request }, answer) => {
    undecided.add(request.socket);
    void decide(request).then((handshake) => {
      undecided.delete(request.socket);
      if (!handshake.accepted) {
        const { status, message = STATUS_CODES[status] ?? "Refused" } = handshake;
        answer(false, status, message);
        return;
      }
      accepted.set(request, handshake);
      answer(true);
      // ws upgrades within answer(), or destroys the socket if the client has left.
      if (accepted.delete(request)) onVanished(handshake.context);
    });
  };

  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: true,
    verifyClient,
    handleProtocols: (_offered, request) => accepted.get(request)?.subprotocol ?? false,
  });

  return {
    upgrade: (request, socket, head) => {
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const handshake = accepted.get(request);
        if (handshake === undefined) return;
        accepted.delete(request);
        onOpen(webSocket, handshake.context, request);
      });
    },
    close: async () => {
      for (const socket of undecided) socket.destroy();
      const closed = once(server, "close");
      server.close();
      const patience = clock.after(maxCloseMilliseconds, () => {
        for (const webSocket of server.clients) webSocket.terminate();
      });
      await closed;
      patience.cancel();
    },
  };
}
