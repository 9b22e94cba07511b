import { actions } from "./actions/actions.ts";
import type { Reply } from "./actions/actions.ts";
import { checkChannel } from "./store/channel.ts";
import {
  addConnection,
  findConnection,
  itemsEnd,
  removeConnections,
} from "./store/connection.ts";
import { expire } from "./actions/expire.ts";
import { readEnvironment } from "./aws/environment.ts";
import { checkChannelGrant, grantsOf, tokenEnd } from "./auth/grants.ts";
import { log, thrown } from "./aws/log.ts";
import { Problem, internal } from "./protocol/problem.ts";
import { mostChannels } from "./store/subscription.ts";
import { openSystem } from "./aws/system.ts";
import { seconds } from "./aws/table.ts";
import { offeredProtocols } from "./protocol/websocket-event.ts";
import type { WebSocketEvent, WebSocketResult } from "./protocol/websocket-event.ts";

const system = openSystem();
const { AUTH: auth } = readEnvironment("AUTH");

/** The subprotocol of clients that get everything as JSON; the others get plain text. */
const protocol = "channels.v1";

/** Milliseconds that are left for the reply when a replay stops. */
const replyMilliseconds = 2_000;

type Context = { getRemainingTimeInMillis(): number };

/** Answers every event of the WebSocket API. */
export async function handler(event: WebSocketEvent, context: Context): Promise<WebSocketResult> {
  const { requestId, connectionId, routeKey } = event.requestContext;
  log.resetKeys();
  log.appendKeys({ requestId, connectionId, route: routeKey });
  try {
    if (routeKey === "$connect") return await connect(event);
    if (routeKey === "$disconnect") return await disconnect(event);
    if (tokenEnd(auth, event.requestContext.authorizer) <= seconds()) {
      await expire(system, connectionId);
      return { statusCode: 200 };
    }
    if (routeKey === "$default") return await echo(event);
    return reply(await act(event, context));
  } catch (error) {
    const problem = error instanceof Problem ? error : internal;
    if (problem === internal) log.error("Event failed", thrown(error));
    // A refused handshake has no body: only its status reaches the client.
    if (routeKey === "$connect") return { statusCode: problem.status };
    return reply({ type: "error", code: problem.code, message: problem.message });
  }
}

async function connect(event: WebSocketEvent): Promise<WebSocketResult> {
  const { connectionId, connectedAt, authorizer } = event.requestContext;
  const named = event.multiValueQueryStringParameters?.channel ?? [system.defaultChannel];
  const channels = [...new Set(named.map(checkChannel))];
  if (channels.length > mostChannels) {
    throw new Problem("too-many-channels", `A connection can be in ${mostChannels} channels.`);
  }
  const grants = grantsOf(auth, authorizer);
  for (const channel of channels) checkChannelGrant(grants, "subscribe", channel);
  // Never one with a token in it: the token would be in the answer.
  const json = offeredProtocols(event.headers).includes(protocol);
  const expiresAt = itemsEnd(connectedAt, tokenEnd(auth, authorizer));
  await addConnection(system.table, { connectionId, connectedAt, json, expiresAt }, channels);
  log.info("Connected", { channels, json });
  return { statusCode: 200, ...(json && { headers: { "Sec-WebSocket-Protocol": protocol } }) };
}

async function disconnect({ requestContext }: WebSocketEvent): Promise<WebSocketResult> {
  await removeConnections(system.table, [requestContext.connectionId]);
  log.info("Disconnected");
  return { statusCode: 200 };
}

/** A plain client gets back what it sent; for a channels.v1 client it is an error. */
async function echo({ requestContext, body = "" }: WebSocketEvent): Promise<WebSocketResult> {
  const connection = await findConnection(system.table, requestContext.connectionId);
  if (!connection?.json) return { statusCode: 200, body };
  const names = Object.keys(actions).sort().join(", ");
  throw new Problem("unknown-action", `A frame is a JSON object with an "action": ${names}.`);
}

async function act(
  { requestContext: { routeKey, connectionId, authorizer }, body = "" }: WebSocketEvent,
  context: Context,
): Promise<Reply> {
  const action = actions[routeKey];
  if (action === undefined) throw new Error(`No code answers the route "${routeKey}".`);
  return action(system, {
    connectionId,
    grants: grantsOf(auth, authorizer),
    frame: readFrame(body),
    hasTime: () => context.getRemainingTimeInMillis() > replyMilliseconds,
  });
}

function readFrame(body: string): Record<string, unknown> {
  try {
    return { ...(JSON.parse(body) as object) };
  } catch {
    // API Gateway has read an action in it, but not every reader of JSON agrees on what JSON is.
    throw new Problem("invalid-json", "The frame is not JSON (RFC 8259).");
  }
}

function reply(value: Reply): WebSocketResult {
  return { statusCode: 200, body: JSON.stringify(value) };
}
