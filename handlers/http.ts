import { checkChannel, findChannel } from "./store/channel.ts";
import { closeConnection, sendTo, showConnection } from "./actions/direct.ts";
import { listChannels, listSubscribers, mostEntries } from "./store/directory.ts";
import type { Paging } from "./store/directory.ts";
import { asyncApiDocument, openApiDocument } from "./protocol/documents.ts";
import { readEnvironment } from "./aws/environment.ts";
import { checkLimit, excerpt, mostMessages } from "./actions/excerpt.ts";
import { json, problemJson } from "./protocol/http-event.ts";
import type { HttpEvent, HttpResult } from "./protocol/http-event.ts";
import { checkAdmin, checkChannelGrant, grantsOf } from "./auth/grants.ts";
import type { Grants } from "./auth/grants.ts";
import { once } from "./store/idempotency.ts";
import { log, thrown } from "./aws/log.ts";
import { Problem, internal } from "./protocol/problem.ts";
import { publish } from "./delivery/publish.ts";
import { readContent } from "./protocol/request-body.ts";
import { openSystem } from "./aws/system.ts";

const system = openSystem();
const {
  AUTH: auth,
  POWERTOOLS_SERVICE_NAME: name,
  WEBSOCKET_URL: websocketUrl,
} = readEnvironment("AUTH", "POWERTOOLS_SERVICE_NAME", "WEBSOCKET_URL");

// A function answers with up to 6 MB, and JSON within JSON can take twice its size:
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const messagesBytes = 2 * 1024 * 1024;

type Answer = (event: HttpEvent, grants: Grants) => HttpResult | Promise<HttpResult>;

const routes: Record<string, Answer> = {
  "GET /": () => json(200, { name, defaultChannel: system.defaultChannel, websocketUrl }),
  "POST /": (event, grants) => publishTo(system.defaultChannel, event, grants),
  "POST /channels/{channel}/messages": (event, grants) =>
    publishTo(channelOf(event), event, grants),
  "GET /channels/{channel}/messages": readMessages,
  "GET /channels/{channel}/connections": asAdmin(discover),
  "GET /channels": asAdmin(async (event) => {
    const { entries, cursor } = await listChannels(system.table, pagingOf(event));
    return json(200, { channels: entries, cursor });
  }),
  "GET /connections/{id}": asAdmin(async (event) =>
    json(200, await showConnection(system, idOf(event))),
  ),
  "POST /connections/{id}": asAdmin(async (event) => {
    await sendTo(system, idOf(event), readContent(event));
    return json(200, { connectionId: idOf(event), delivered: 1 });
  }),
  "DELETE /connections/{id}": asAdmin(async (event) => {
    await closeConnection(system, idOf(event));
    return { statusCode: 204 };
  }),
  "GET /openapi.json": async () => json(200, await openApiDocument()),
  "GET /asyncapi.json": async () => json(200, await asyncApiDocument(websocketUrl)),
};

/** Answers every request of the HTTP API. */
export async function handler(event: HttpEvent): Promise<HttpResult> {
  log.resetKeys();
  log.appendKeys({ requestId: event.requestContext.requestId, route: event.routeKey });
  try {
    const route = routes[event.routeKey];
    if (route === undefined) throw new Error(`No code answers the route "${event.routeKey}".`);
    return await route(event, grantsOf(auth, event.requestContext.authorizer?.jwt?.claims));
  } catch (error) {
    if (error instanceof Problem) return problemJson(error);
    log.error("Request failed", thrown(error));
    return problemJson(internal);
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
  const answer = await (key === undefined
    ? act()
    : once(system.table, { channel, key, content }, act));
  return json(answer.queued > 0 ? 202 : 200, answer);
}

async function readMessages(event: HttpEvent, grants: Grants): Promise<HttpResult> {
  checkChannelGrant(grants, "subscribe", channelOf(event));
  const channel = await findChannel(system.table, channelOf(event));
  const { since, limit } = event.queryStringParameters ?? {};
  const range = { since, limit: checkLimit(limit, mostMessages, 100), bytes: messagesBytes };
  return json(200, await excerpt(system.table, channel, range));
}

async function discover(event: HttpEvent): Promise<HttpResult> {
  const channel = await findChannel(system.table, channelOf(event));
  const { entries, cursor } = await listSubscribers(system.table, channel, pagingOf(event));
  return json(200, { channel: channel.name, connections: entries, cursor });
}

function channelOf({ pathParameters }: HttpEvent): string {
  return checkChannel(pathParameters?.channel);
}

function idOf({ pathParameters }: HttpEvent): string {
  return pathParameters?.id ?? "";
}

function pagingOf({ queryStringParameters: { limit, cursor } = {} }: HttpEvent): Paging {
  return { limit: checkLimit(limit, mostEntries, 100), cursor };
}
