import { actions } from "./actions/actions.ts";
import { expire } from "./actions/expire.ts";
import { reply } from "./actions/frame.ts";
import { problemOf } from "./actions/problem-of.ts";
import { epochSeconds } from "./aws/clock.ts";
import { log, startLog, type LambdaContext } from "./aws/log.ts";
import { metrics, refusalMetrics } from "./aws/metrics.ts";
import { openSystem } from "./aws/system.ts";
import { checkSubscribeGrant, grantsOf, tokenEnd } from "./auth/grants.ts";
import { memberOf } from "./auth/member.ts";
import { enterWatched } from "./delivery/enter.ts";
import { endConnections } from "./delivery/leave.ts";
import type { Protocol } from "./protocol/frames.ts";
import { maxChannels } from "./protocol/limits.ts";
import { checkRef, checkSubscribable } from "./protocol/parameters.ts";
import { Problem } from "./protocol/problem.ts";
import {
  offeredSubprotocols,
  type WebSocketEvent,
  type WebSocketResult,
} from "./protocol/websocket-event.ts";
import type { Channel } from "./store/channel.ts";
import { addConnection, type Connecting } from "./store/connecting.ts";
import { findConnection, itemsEnd } from "./store/connection.ts";
import { shardKeyOf } from "./store/shard.ts";

const system = openSystem();
const { auth, clock, defaultChannel, prefixSubscriptions, table } = system;

/** Milliseconds that are left for the reply when posts stop. */
const replyMilliseconds = 2_000;

/** Answers every event of the WebSocket API. */
export async function handler(
  event: WebSocketEvent,
  context: LambdaContext,
): Promise<WebSocketResult> {
  const { connectionId, routeKey } = event.requestContext;
  startLog(event, context);
  try {
    if (routeKey === "$connect") return await connect(event);
    if (routeKey === "$disconnect") return await disconnect(event);
    if (tokenEnd(auth, event.requestContext.authorizer) <= epochSeconds(clock)) {
      await expire(system, connectionId);
      return { statusCode: 200 };
    }
    if (routeKey === "$default") return await echo(event);
    return { statusCode: 200, body: await act(event, context) };
  } catch (error) {
    const problem = problemOf(error, "Event failed");
    if (routeKey === "$connect") return refuse(problem.status, problem.code);
    return { statusCode: 200, body: errorReply(problem) };
  }
}

function errorReply({ code, message }: Problem, ref?: string): string {
  return reply({ type: "error", code, message, ref });
}

async function connect(event: WebSocketEvent): Promise<WebSocketResult> {
  const { connectionId, connectedAt, authorizer } = event.requestContext;
  const { channel: named = [defaultChannel], echo: [echo = "true"] = [] } =
    event.multiValueQueryStringParameters ?? {};
  // `?channel=` is no channel: who subscribes later connects to none.
  const isNone = named.length === 1 && named[0] === "";
  const check = (name: string) => checkSubscribable(name, prefixSubscriptions);
  const channels = isNone ? [] : [...new Set(named.map(check))];
  if (channels.length > maxChannels) {
    throw new Problem("too-many-channels", `A connection can be in ${maxChannels} channels.`);
  }
  if (echo !== "true" && echo !== "false") {
    return refuse(400, "echo is neither true nor false");
  }
  const grants = grantsOf(auth, authorizer);
  for (const channel of channels) checkSubscribeGrant(grants, channel);
  // Never answered with another offer: a token may be among them.
  const isV1 = offeredSubprotocols(event.headers).includes("channels.v1");
  const protocol: Protocol = isV1 ? "channels.v1" : "plain";
  const expiresAt = itemsEnd(connectedAt, tokenEnd(auth, authorizer));
  const [said] = event.multiValueQueryStringParameters?.member ?? [];
  const member = memberOf(auth, event.requestContext, said);
  const connection: Connecting = {
    ...{ connectionId, connectedAt, protocol, expiresAt, member },
    echo: echo === "true",
  };
  const opened = await addConnection(table, connection, channels);
  if (opened === undefined) return refuse(403, "closed while it was connecting");
  const enter = (channel: Channel) =>
    enterWatched(system, channel, shardKeyOf(channel, connectionId), connection);
  await Promise.all(opened.map(enter));
  // Dated as its end will be: see handlers/store/removal.ts.
  const counted = metrics(connectedAt, { ConnectionsOpened: 1 });
  log.info("Connected", { channels, protocol, ...counted });
  return { statusCode: 200, ...(isV1 && { headers: { "Sec-WebSocket-Protocol": protocol } }) };
}

/** A refused handshake has no body: only its status reaches the client. */
function refuse(statusCode: number, reason: string): WebSocketResult {
  log.info("Refused", refusalMetrics(clock.now(), reason));
  return { statusCode };
}

async function disconnect({ requestContext }: WebSocketEvent): Promise<WebSocketResult> {
  await endConnections(system, [requestContext.connectionId]);
  log.info("Disconnected");
  return { statusCode: 200 };
}

/** Gives a plain client back what it sent; for a channels.v1 client it is an error. */
async function echo({ requestContext, body = "" }: WebSocketEvent): Promise<WebSocketResult> {
  const connection = await findConnection(table, requestContext.connectionId);
  if (connection?.protocol !== "channels.v1") return { statusCode: 200, body };
  const names = Object.keys(actions).sort().join(", ");
  throw new Problem("unknown-action", `A frame is a JSON object with an "action": ${names}.`);
}

async function act(
  { requestContext: { routeKey, connectionId, authorizer }, body = "" }: WebSocketEvent,
  context: LambdaContext,
): Promise<string> {
  const action = actions[routeKey];
  if (action === undefined) throw new Error(`No code answers the route "${routeKey}".`);
  const members = readFrame(body);
  const ref = checkRef(members.ref);
  try {
    const answer = await action(system, {
      connectionId,
      grants: grantsOf(auth, authorizer),
      text: body,
      members,
      until: clock.now() + context.getRemainingTimeInMillis() - replyMilliseconds,
    });
    return ref === undefined ? answer : `${answer.slice(0, -1)},"ref":"${ref}"}`;
  } catch (error) {
    return errorReply(problemOf(error, "Event failed"), ref);
  }
}

function readFrame(body: string): Record<string, unknown> {
  try {
    return { ...(JSON.parse(body) as object) };
  } catch {
    // API Gateway has read an action in it, but not every reader of JSON agrees on what JSON is.
    throw new Problem("invalid-json", "The frame is not JSON (RFC 8259).");
  }
}
