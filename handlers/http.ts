import { openConnections } from "./channels/delivery.ts";
import { readEnvironment } from "./channels/environment.ts";
import { json } from "./channels/http-event.ts";
import type { HttpEvent, HttpResult } from "./channels/http-event.ts";
import { log, thrown } from "./channels/log.ts";
import { Problem } from "./channels/problem.ts";
import { publish } from "./channels/publish.ts";
import { readContent } from "./channels/request-body.ts";
import { openTable } from "./channels/table.ts";

const environment = readEnvironment(
  "POWERTOOLS_SERVICE_NAME",
  "TABLE_NAME",
  "DEFAULT_CHANNEL",
  "WEBSOCKET_URL",
  "CONNECTIONS_ENDPOINT",
);
const system = {
  table: openTable(environment.TABLE_NAME),
  connections: openConnections(environment.CONNECTIONS_ENDPOINT),
};

const routes: Record<string, (event: HttpEvent) => HttpResult | Promise<HttpResult>> = {
  "GET /": describe,
  "POST /": (event) => publishTo(environment.DEFAULT_CHANNEL, event),
};

/** Answers every request of the HTTP API. */
export async function handler(event: HttpEvent): Promise<HttpResult> {
  log.resetKeys();
  log.appendKeys({ requestId: event.requestContext.requestId, route: event.routeKey });
  try {
    const route = routes[event.routeKey];
    if (route === undefined) throw new Error(`No code answers the route "${event.routeKey}".`);
    return await route(event);
  } catch (error) {
    if (error instanceof Problem) return error.result;
    log.error("Request failed", thrown(error));
    return new Problem(500, "The request failed here, and is in the log: send it again.").result;
  }
}

function describe(): HttpResult {
  return json(200, {
    name: environment.POWERTOOLS_SERVICE_NAME,
    defaultChannel: environment.DEFAULT_CHANNEL,
    websocketUrl: environment.WEBSOCKET_URL,
  });
}

async function publishTo(channel: string, event: HttpEvent): Promise<HttpResult> {
  const { failed, ...published } = await publish(system, channel, readContent(event));
  log.info("Published", { ...published, failed });
  if (failed > 0) {
    const reached = `${published.delivered} have it, ${published.gone} are gone`;
    throw new Problem(503, `${failed} subscribers were not reached (${reached}): publish again.`);
  }
  return json(200, published);
}
