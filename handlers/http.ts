import { closeConnection, sendTo, showConnection } from "./actions/direct.ts";
import { excerptMembers } from "./actions/excerpt.ts";
import { presenceMembers } from "./actions/presence.ts";
import { problemOf } from "./actions/problem-of.ts";
import { batchStatus, publishBatch } from "./actions/publish-batch.ts";
import { startLog, type LambdaContext } from "./aws/log.ts";
// Nearly every first event posts: loaded before it comes.
import "./aws/posts.ts";
import { openSystem } from "./aws/system.ts";
import { claimsIn } from "./auth/claims.ts";
import { checkAdmin, checkChannelGrant, grantsOf, type Grants } from "./auth/grants.ts";
import { publishOnce } from "./delivery/publish-once.ts";
import { readBatch } from "./protocol/batch.ts";
import { asyncApiDocument, clientResult, openApiDocument } from "./protocol/documents.ts";
import {
  jsonResult,
  problemResult,
  type HttpEvent,
  type HttpResult,
} from "./protocol/http-event.ts";
import { maxEntries, maxMessages } from "./protocol/limits.ts";
import {
  checkChannel,
  checkConnectionId,
  checkExclude,
  checkIdempotencyKey,
  checkLimit,
  checkMessageId,
  checkSubscribable,
  unknownDelivery,
} from "./protocol/parameters.ts";
import { readContent } from "./protocol/request-body.ts";
import { findChannel } from "./store/channel.ts";
import { readReport } from "./store/delivery-report.ts";
import { listChannels, listSubscribers, type Paging } from "./store/directory.ts";
import { countConnections } from "./store/members.ts";

const system = openSystem();
const { auth, defaultChannel, maxMessageBytes, name, prefixSubscriptions, table, websocketUrl } =
  system;

// A function answers with up to 6 MB, and JSON within JSON can take twice its size:
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxMessagesBytes = 2 * 1024 * 1024;

type Answer = (event: HttpEvent, grants: Grants) => HttpResult | Promise<HttpResult>;

const routes: Record<string, Answer> = {
  "GET /": () => answer({ name, defaultChannel, websocketUrl }),
  "POST /": (event, grants) =>
    publishTo(defaultChannel, event, grants, `channels/${defaultChannel}/messages/`),
  "POST /channels/{channel}/messages": (event, grants) =>
    publishTo(channelIn(event), event, grants, "messages/"),
  "POST /messages": publishAll,
  "GET /channels/{channel}/messages": readMessages,
  "GET /channels/{channel}/messages/{id}/delivery": readDelivery,
  "GET /channels/{channel}/connections": asAdmin(discover),
  "GET /channels/{channel}/members": readMembers,
  "GET /channels": asAdmin(async (event) => {
    const { entries, cursor } = await listChannels(table, pagingOf(event));
    return answer({ channels: entries, cursor });
  }),
  "GET /connections/{id}": asAdmin(async (event) =>
    answer(await showConnection(system, connectionIn(event))),
  ),
  "POST /connections/{id}": asAdmin(async (event) => {
    const connectionId = connectionIn(event);
    await sendTo(system, connectionId, readContent(event, maxMessageBytes));
    return answer({ connectionId, delivered: 1 });
  }),
  "DELETE /connections/{id}": asAdmin(async (event) => {
    await closeConnection(system, connectionIn(event));
    return { statusCode: 204 };
  }),
  "GET /openapi.json": async () => answer(await openApiDocument()),
  "GET /client.js": clientResult,
  "GET /asyncapi.json": async () => answer(await asyncApiDocument(websocketUrl)),
};

/** Answers every request of the HTTP API. */
export async function handler(event: HttpEvent, context: LambdaContext): Promise<HttpResult> {
  startLog(event, context);
  try {
    const route = routes[event.routeKey];
    if (route === undefined) throw new Error(`No code answers the route "${event.routeKey}".`);
    return await route(event, grantsOf(auth, verifiedClaims(event)));
  } catch (error) {
    return problemResult(problemOf(error, "Request failed"));
  }
}

/** Returns the claims of a token that API Gateway has let in; none on a route without an authorizer. */
function verifiedClaims({ requestContext, headers }: HttpEvent) {
  return requestContext.authorizer?.jwt === undefined ? {} : claimsIn(headers.authorization);
}

function asAdmin(act: (event: HttpEvent) => Promise<HttpResult>): Answer {
  return (event, grants) => {
    checkAdmin(grants);
    return act(event);
  };
}

function answer(value: unknown): HttpResult {
  return jsonResult(200, JSON.stringify(value));
}

/** `messages` is where the channel's messages are, seen from the request's own URL. */
async function publishTo(
  channel: string,
  event: HttpEvent,
  grants: Grants,
  messages: string,
): Promise<HttpResult> {
  checkChannelGrant(grants, "publish", channel);
  const content = readContent(event, maxMessageBytes);
  const key = checkIdempotencyKey(event.headers["idempotency-key"]);
  const exclude = checkExclude(event.queryStringParameters?.exclude);
  const published = await publishOnce(system, channel, content, key, { exclude });
  if (published.pending === 0) return answer(published);
  const location = `${messages}${published.id}/delivery`;
  return jsonResult(202, JSON.stringify(published), { location });
}

async function publishAll(event: HttpEvent, grants: Grants): Promise<HttpResult> {
  const key = checkIdempotencyKey(event.headers["idempotency-key"]);
  const results = await publishBatch(system, grants, readBatch(event, maxMessageBytes), key);
  return jsonResult(batchStatus(results), JSON.stringify({ results }));
}

async function readDelivery(event: HttpEvent, grants: Grants): Promise<HttpResult> {
  const channel = channelIn(event);
  checkChannelGrant(grants, "publish", channel);
  const id = checkMessageId(event.pathParameters?.id);
  const report = await readReport(table, channel, id);
  if (report === undefined) throw unknownDelivery();
  return answer({ id, channel, ...report });
}

async function readMessages(event: HttpEvent, grants: Grants): Promise<HttpResult> {
  checkChannelGrant(grants, "subscribe", channelIn(event));
  const channel = await findChannel(table, channelIn(event));
  const { since, limit } = event.queryStringParameters ?? {};
  const range = { since, limit: checkLimit(limit, maxMessages, 100), maxBytes: maxMessagesBytes };
  return jsonResult(200, `{${await excerptMembers(table, channel, range)}}`);
}

async function readMembers(event: HttpEvent, grants: Grants): Promise<HttpResult> {
  const name = channelIn(event);
  checkChannelGrant(grants, "presence", name);
  const channel = await findChannel(table, name);
  if (event.queryStringParameters?.count !== undefined) {
    return answer({ channel: name, connections: await countConnections(table, channel) });
  }
  const page = { ...pagingOf(event), maxBytes: maxMessagesBytes };
  const present = await presenceMembers(system, channel, page);
  return jsonResult(200, `{"channel":"${name}",${present}}`);
}

async function discover(event: HttpEvent): Promise<HttpResult> {
  // A prefix has subscriptions of its own.
  const name = checkSubscribable(event.pathParameters?.channel, prefixSubscriptions);
  const channel = await findChannel(table, name);
  const { entries, cursor } = await listSubscribers(table, channel, pagingOf(event));
  const connections = entries.map(({ connectionId, connectedAt, protocol }) => ({
    connectionId,
    connectedAt: new Date(connectedAt).toISOString(),
    protocol,
  }));
  return answer({ channel: channel.name, connections, cursor });
}

function channelIn({ pathParameters }: HttpEvent): string {
  return checkChannel(pathParameters?.channel);
}

function connectionIn({ pathParameters }: HttpEvent): string {
  return checkConnectionId(pathParameters?.id);
}

function pagingOf({ queryStringParameters: { limit, cursor } = {} }: HttpEvent): Paging {
  return { limit: checkLimit(limit, maxEntries, 100), cursor };
}
