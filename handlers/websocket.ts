import { channelName } from "./channels/channel.ts";
import { addConnection, removeConnections } from "./channels/connection.ts";
import { readEnvironment } from "./channels/environment.ts";
import { log, thrown } from "./channels/log.ts";
import { openTable } from "./channels/table.ts";
import type { WebSocketEvent, WebSocketResult } from "./channels/websocket-event.ts";

const environment = readEnvironment("TABLE_NAME", "DEFAULT_CHANNEL");
const table = openTable(environment.TABLE_NAME);

const routes: Record<
  string,
  (event: WebSocketEvent) => WebSocketResult | Promise<WebSocketResult>
> = {
  $connect: connect,
  $disconnect: disconnect,
  $default: echo,
  ping: () => ({ statusCode: 200, body: JSON.stringify({ type: "pong" }) }),
};

/** Answers every event of the WebSocket API. */
export async function handler(event: WebSocketEvent): Promise<WebSocketResult> {
  const { requestId, connectionId, routeKey } = event.requestContext;
  log.resetKeys();
  log.appendKeys({ requestId, connectionId, route: routeKey });
  try {
    const route = routes[routeKey];
    if (route === undefined) throw new Error(`No code answers the route "${routeKey}".`);
    return await route(event);
  } catch (error) {
    log.error("Event failed", thrown(error));
    return { statusCode: 500 };
  }
}

async function connect(event: WebSocketEvent): Promise<WebSocketResult> {
  const { connectionId, connectedAt } = event.requestContext;
  const named = event.multiValueQueryStringParameters?.channel ?? [environment.DEFAULT_CHANNEL];
  const channels = [...new Set(named)];
  // A refused handshake has no body: only its status reaches the client.
  if (!channels.every((channel) => channelName.test(channel))) return { statusCode: 400 };

  await addConnection(table, { connectionId, connectedAt, json: false }, channels);
  log.info("Connected", { channels });
  return { statusCode: 200 };
}

async function disconnect({ requestContext }: WebSocketEvent): Promise<WebSocketResult> {
  await removeConnections(table, [requestContext.connectionId]);
  log.info("Disconnected");
  return { statusCode: 200 };
}

function echo({ body = "" }: WebSocketEvent): WebSocketResult {
  return { statusCode: 200, body };
}
