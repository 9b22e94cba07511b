import { closeConnection, sendTo, showConnection } from "./actions/direct.ts";
import { excerpt } from "./actions/excerpt.ts";
import { log, startLog, thrown, type LambdaContext } from "./aws/log.ts";
import { openSystem } from "./aws/system.ts";
import { checkAdmin, checkChannelGrant, grantsOf, type Grants } from "./auth/grants.ts";
import { publish } from "./delivery/publish.ts";
import { asyncApiDocument, openApiDocument } from "./protocol/documents.ts";
import {
  jsonResult,
  problemResult,
  type HttpEvent,
  type HttpResult,
} from "./protocol/http-event.ts";
import { maxEntries, maxMessages } from "./protocol/limits.ts";
import { checkChannel, checkConnectionId, checkLimit } from "./protocol/parameters.ts";
import { internal, Problem } from "./protocol/problem.ts";
import { readContent } from "./protocol/request-body.ts";
import { findChannel } from "./store/channel.ts";
import { listChannels, listSubscribers, type Paging } from "./store/directory.ts";
import { once } from "./store/idempotency.ts";

const system = openSystem();
const { auth, defaultChannel, name, table, websocketUrl } = system;

// A function answers with up to 6 MB, and JSON within JSON can take twice its size:
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxMessagesBytes = 2 * 1024 * 1024;

type Answer = (event: HttpEvent, grants: Grants) => HttpResult | Promise<HttpResult>;

const routes: Record<string, Answer> = {
  "GET /": () => jsonResult(200, { name, defaultChannel, websocketUrl }),
  "POST /": (event, grants) => publishTo(defaultChannel, event, grants),
  "POST /channels/{channel}/messages": (event, grants) =>
    publishTo(channelIn(event), event, grants),
  "GET /channels/{channel}/messages": readMessages,
  "GET /channels/{channel}/connections": asAdmin(discover),
  "GET /channels": asAdmin(async (event) => {
    const { entries, cursor } = await listChannels(table, pagingOf(event));
    return jsonResult(200, { channels: entries, cursor });
  }),
  "GET /connections/{id}": asAdmin(async (event) =>
    jsonResult(200, await showConnection(system, connectionIn(event))),
  ),
  "POST /connections/{id}": asAdmin(async (event) => {
    const connectionId = connectionIn(event);
    await sendTo(system, connectionId, readContent(event));
    return jsonResult(200, { connectionId, delivered: 1 });
  }),
  "DELETE /connections/{id}": asAdmin(async (event) => {
    await closeConnection(system, connectionIn(event));
    return { statusCode: 204 };
  }),
  "GET /openapi.json": async () => jsonResult(200, await openApiDocument()),
  "GET /asyncapi.json": async () => jsonResult(200, await asyncApiDocument(websocketUrl)),
};

/** Answers every request of the HTTP API. */
export async function handler(event: HttpEvent, context: LambdaContext): Promise<HttpResult> {
  startLog(event, context);
  try {
    const route = routes[event.routeKey];
    if (route === undefined) throw new Error(`No code answers the route "${event.routeKey}".`);
    return await route(event, grantsOf(auth, event.requestContext.authorizer?.jwt?.claims));
  } catch (error) {
    if (error instanceof Problem) return problemResult(error);
    log.error("Request failed", thrown(error));
    return problemResult(internal);
  }
}

function asAdmin(answer: (event: HttpEvent) => Promise<HttpResult>): Answer {
  return (event, grants) => {
    checkAdmin(grants);
    return answer(event);
  };
}

async function publishTo(channel: string, event: HttpEvent, grants: Grants): Promise<HttpResult> {
  checkChannelGrant(grants, "publish", channel);
  const content = readContent(event);
  const act = () => publish(system, channel, content);
  const key = event.headers["idempotency-key"];
  const answer = await (key === undefined ? act() : once(table, { channel, key, content }, act));
  return jsonResult(answer.queued > 0 ? 202 : 200, answer);
}

async function readMessages(event: HttpEvent, grants: Grants): Promise<HttpResult> {
  checkChannelGrant(grants, "subscribe", channelIn(event));
  const channel = await findChannel(table, channelIn(event));
  const { since, limit } = event.queryStringParameters ?? {};
  const range = { since, limit: checkLimit(limit, maxMessages, 100), bytes: maxMessagesBytes };
  return jsonResult(200, await excerpt(table, channel, range));
}

async function discover(event: HttpEvent): Promise<HttpResult> {
  const channel = await findChannel(table, channelIn(event));
  const { entries, cursor } = await listSubscribers(table, channel, pagingOf(event));
  const connections = entries.map(({ connectionId, connectedAt, protocol }) => ({
    connectionId,
    connectedAt: new Date(connectedAt).toISOString(),
    protocol,
  }));
  return jsonResult(200, { channel: channel.name, connections, cursor });
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
