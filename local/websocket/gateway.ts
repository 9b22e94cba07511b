import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Authorize } from "../shared/access.ts";
import type { Clock } from "../shared/clock.ts";
import type { Faults } from "../shared/faults.ts";
import type { WebSocketApiDescription } from "../graph/api-description.ts";
import type { Invoke } from "../shared/invoke.ts";
import { hostRefusal } from "../shared/loopback.ts";
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
import { limitHandshakes } from "./handshake-limit.ts";
import { integrations } from "../gateway/integration.ts";
import type { Throttle } from "../gateway/throttling.ts";
import { connectionsApi } from "./management.ts";
import { messageAnswers } from "./messages.ts";
import { proxyResponse } from "./proxy-response.ts";
import { routeSelection } from "./route-selection.ts";
import { upgrades } from "./upgrades.ts";

/**
 * Serves a WebSocket API and its @connections on an HTTP server that its owner closes.
 * Throws if the route selection expression of the API cannot be evaluated.
 *
 * `close` closes every client with 1001 and resolves when none is left. From then on no function is
 * invoked, not even for `$disconnect`: AWS promises no more than best effort, and Lambda stops as well.
 */
export function webSocketGateway(options: {
  server: Server;
  api: WebSocketApiDescription;
  invoke: Invoke;
  authorize: Authorize;
  clock: Clock;
  /** Returns the fault of a post to a connection; asked after the post has been allowed. */
  postFault?: Faults["post"];
  disconnectFault?: Faults["disconnect"];
  throttle: Throttle;
}): { close(): Promise<void> } {
  const { server, api, invoke, authorize, clock, postFault, disconnectFault, throttle } = options;
  const connections = new Map<string, Connection>();
  const { integrate, close: closeIntegrations } = integrations({
    ...{ api, invoke, clock },
    readReply: proxyResponse,
  });
  const authorizeConnect = connectAuthorization({ api, invoke, authorize, clock });
  const answerMessage = messageAnswers({
    selectRoute: routeSelection(api),
    integrate,
    clock,
    throttle,
  });
  const manage = connectionsApi({ api, connections, authorize, clock, postFault, throttle });
  const disconnectRoute = api.routes.find(({ routeKey }) => routeKey === "$disconnect");
  let closing = false;

  const disconnect = (context: ConnectionContext, closure: Closure) => {
    if (disconnectRoute === undefined || closing) return;
    if (disconnectFault?.(context.connectionId)) return;
    void integrate(disconnectRoute, disconnectEvent(context, closure, clock.now()));
  };

  const { upgrade, close: closeSockets } = upgrades({
    decide: (request) => handshake(request, { api, authorizeConnect, integrate, clock, throttle }),
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
    const { method, headers, socket } = incoming;
    const isOwn = hostRefusal(headers.host, socket.localPort) === undefined;
    if (method === "GET" && isStagePath(incoming, api) && isOwn) {
      response.writeHead(426, { upgrade: "websocket" }).end();
      return;
    }
    void manage(incoming, response);
  };

  const handshakeLimit = limitHandshakes(server, clock);
  server.on("upgrade", upgrade);
  server.on("request", request);

  return {
    close: async () => {
      closing = true;
      handshakeLimit.close();
      server.off("upgrade", upgrade);
      server.off("request", request);
      for (const connection of [...connections.values()]) connection.close(goingAway);
      closeIntegrations();
      await closeSockets();
    },
  };
}
