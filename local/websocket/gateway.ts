import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Authorize } from "../shared/access.ts";
import type { Clock } from "../shared/clock.ts";
import type { Faults } from "../shared/faults.ts";
import type { WebSocketApiDescription } from "../graph/description.ts";
import type { Invoke } from "../shared/invoke.ts";
import { connectAuthorization } from "./authorization.ts";
import type { ConnectionContext } from "./connection-context.ts";
import {
  closedWithoutFrame,
  goingAway,
  maxFrameBytes,
  messageTooBig,
  openConnection,
  type Closure,
  type Connection,
} from "./connection.ts";
import { disconnectEvent } from "./events.ts";
import { limitFrames } from "./frame-limit.ts";
import { handshake, isStagePath } from "./handshake.ts";
import { integrations } from "./integration.ts";
import { connectionsApi } from "./management.ts";
import { messageAnswers } from "./messages.ts";
import { routeSelection } from "./route-selection.ts";
import { upgrades } from "./upgrades.ts";

/**
 * Serves a WebSocket API and its @connections on an HTTP server, which stays its owner's to close.
 * Throws where the route selection expression of the API cannot be evaluated.
 *
 * `close` closes every client with 1001 and resolves when none is left. From then on no function is
 * invoked, not even for `$disconnect`: that is best effort on AWS, and here its Lambda stops as well.
 */
export function webSocketGateway(options: {
  server: Server;
  api: WebSocketApiDescription;
  invoke: Invoke;
  authorize: Authorize;
  clock: Clock;
  /** Asked before each post to a connection that is allowed. */
  postFault?: Faults["post"];
  disconnectFault?: Faults["disconnect"];
}): { close(): Promise<void> } {
  const { server, api, invoke, authorize, clock, postFault, disconnectFault } = options;
  const connections = new Map<string, Connection>();
  const { integrate, close: closeIntegrations } = integrations({ api, invoke, clock });
  const authorizeConnect = connectAuthorization({ api, invoke, authorize, clock });
  const answerMessage = messageAnswers({ selectRoute: routeSelection(api), integrate, clock });
  const manage = connectionsApi({ api, connections, authorize, postFault });
  const disconnectRoute = api.routes.find(({ routeKey }) => routeKey === "$disconnect");
  let closing = false;

  const disconnect = (context: ConnectionContext, closure: Closure) => {
    if (disconnectRoute === undefined || closing) return;
    if (disconnectFault?.(context.connectionId)) return;
    void integrate(disconnectRoute, disconnectEvent(context, closure, clock.now()));
  };

  const { upgrade, close: closeSockets } = upgrades({
    decide: (request) => handshake(request, { api, authorizeConnect, integrate, clock }),
    onOpen: (socket, context, request) => {
      const connection = openConnection({
        socket,
        context,
        clock,
        onMessage: (body) => answerMessage(context, body),
        onClose: (closure) => {
          connections.delete(context.connectionId);
          disconnect(context, closure);
        },
      });
      limitFrames(request.socket, maxFrameBytes, () => {
        connection.close(messageTooBig);
      });
      connections.set(context.connectionId, connection);
    },
    onVanished: (context) => {
      disconnect(context, closedWithoutFrame);
    },
    clock,
  });

  const request = (incoming: IncomingMessage, response: ServerResponse) => {
    if (incoming.method === "GET" && isStagePath(incoming, api)) {
      response.writeHead(426, { upgrade: "websocket" }).end();
      return;
    }
    // Where a request breaks off there is nobody left to answer.
    manage(incoming, response).catch(() => response.destroy());
  };

  server.on("upgrade", upgrade);
  server.on("request", request);

  return {
    close: async () => {
      closing = true;
      server.off("upgrade", upgrade);
      server.off("request", request);
      for (const connection of [...connections.values()]) connection.close(goingAway);
      closeIntegrations();
      await closeSockets();
    },
  };
}
