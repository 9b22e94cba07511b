import { archives } from "./infra/archives.ts";
import { ChannelTable } from "./infra/channel-table.ts";
import { dashboard } from "./infra/dashboard.ts";
import { DeliveryQueue } from "./infra/delivery-queue.ts";
import { environmentOf } from "./infra/environment.ts";
import { HttpApi } from "./infra/http-api.ts";
import { LambdaFunction } from "./infra/lambda-function.ts";
import { readSettings } from "./infra/settings/settings.ts";
import { tokenAuthorizer } from "./infra/token-authorizer.ts";
import { tryLines } from "./infra/try-lines.ts";
import { WebSocketApi } from "./infra/websocket-api.ts";

const settings = readSettings();
const { auth, corsOrigins, delivery, logRetentionDays, throttling, stack: stageName } = settings;
const code = await archives("websocket", "http", "fanout", "authorizer");

const table = new ChannelTable("channels", settings.table);
const queue = new DeliveryQueue("deliveries");
const authorizer = tokenAuthorizer("authorizer", code.authorizer, settings);
const webSocketApi = new WebSocketApi("websocket", { stageName, throttling, auth, authorizer });
const httpApi = new HttpApi("http", { stageName, throttling, auth, corsOrigins });
const environment = environmentOf(settings, { table, queue, webSocketApi });

const websocket = new LambdaFunction("websocket", {
  code: code.websocket,
  environment,
  logRetentionDays,
  reservedConcurrency: settings.reservedConcurrency,
  permissions: [
    table.allowItems(),
    queue.allowSend(),
    webSocketApi.allowConnections("POST"),
    // A connection ends with its token.
    authorizer && webSocketApi.allowConnections("DELETE"),
  ],
});

const http = new LambdaFunction("http", {
  code: code.http,
  environment,
  logRetentionDays,
  permissions: [
    table.allowItems(),
    table.allowListing(),
    queue.allowSend(),
    webSocketApi.allowConnections("POST", "GET", "DELETE"),
  ],
});

const fanout = new LambdaFunction("fanout", {
  code: code.fanout,
  environment,
  logRetentionDays,
  timeout: queue.workSeconds,
  permissions: [
    queue.allowReceive(),
    queue.allowSend(),
    queue.allowSendDeadLetters(),
    table.allowRemoval(),
    webSocketApi.allowConnections("POST"),
  ],
});
queue.workedBy(fanout, delivery.fanoutConcurrency);

webSocketApi.route("$connect", websocket);
webSocketApi.route("$disconnect", websocket);
webSocketApi.route("$default", websocket);
webSocketApi.route("subscribe", websocket);
webSocketApi.route("unsubscribe", websocket);
webSocketApi.route("publish", websocket);
webSocketApi.route("history", websocket);
webSocketApi.route("ping", websocket);

httpApi.route("GET /", http);
httpApi.route("POST /", http);
httpApi.route("GET /channels", http);
httpApi.route("GET /channels/{channel}/messages", http);
httpApi.route("POST /channels/{channel}/messages", http);
httpApi.route("GET /channels/{channel}/connections", http);
httpApi.route("GET /connections/{id}", http);
httpApi.route("POST /connections/{id}", http);
httpApi.route("DELETE /connections/{id}", http);
httpApi.route("GET /openapi.json", http);
httpApi.route("GET /asyncapi.json", http);

export const websocketUrl = webSocketApi.url;
export const httpUrl = httpApi.url;
export const { wscat, curl } = tryLines(settings, webSocketApi, httpApi);
export const tableName = table.name;
export const dashboardUrl = dashboard("channels", {
  webSocketApi,
  httpApi,
  table,
  queue,
  functions: { websocket, http, fanout, authorizer },
}).url;
