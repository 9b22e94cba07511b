import { authorizerFunction } from "./infra/authorization.ts";
import { channelTable, listChannels, removeItems, useItems } from "./infra/channel-table.ts";
import { dashboard } from "./infra/dashboard.ts";
import { DeliveryQueue, workSeconds } from "./infra/delivery-queue.ts";
import { environmentOf } from "./infra/environment.ts";
import { HttpApi } from "./infra/http-api.ts";
import { LambdaFunction } from "./infra/lambda-function.ts";
import { readSettings } from "./infra/settings/settings.ts";
import { tryLines } from "./infra/try-lines.ts";
import { WebSocketApi } from "./infra/websocket-api.ts";

const settings = readSettings();
const { logRetentionDays } = settings;

const table = channelTable("channels", settings);
const queue = new DeliveryQueue("deliveries");
const authorizer = authorizerFunction("authorizer", settings);
const webSocketApi = new WebSocketApi("websocket", { ...settings, authorizer });
const httpApi = new HttpApi("http", settings);

const environment = environmentOf(settings, { table, queue, webSocketApi });
const publish = [useItems(table), queue.send(), webSocketApi.manageConnections("POST")];
const manage = [listChannels(table), webSocketApi.manageConnections("GET", "DELETE")];
// With its token ends a connection.
const close = authorizer ? [webSocketApi.manageConnections("DELETE")] : [];
const deliver = [queue.work(), removeItems(table), webSocketApi.manageConnections("POST")].flat();
const common = { logRetentionDays, environment };
const websocket = new LambdaFunction("websocket", {
  ...common,
  permissions: [...publish, ...close],
});
const http = new LambdaFunction("http", { ...common, permissions: [...publish, ...manage] });
const fanout = new LambdaFunction("fanout", {
  ...common,
  permissions: deliver,
  timeout: workSeconds,
});
queue.workedBy(fanout, settings.delivery.fanoutConcurrency);

const actions = ["subscribe", "unsubscribe", "publish", "history", "ping"];
for (const key of ["$connect", "$disconnect", "$default", ...actions]) {
  webSocketApi.route(key, websocket);
}
const channel = "/channels/{channel}";
const requests = [
  ...["GET /", "POST /", "GET /channels"],
  ...[`GET ${channel}/messages`, `POST ${channel}/messages`, `GET ${channel}/connections`],
  ...["GET", "POST", "DELETE"].map((method) => `${method} /connections/{id}`),
  ...["GET /openapi.json", "GET /asyncapi.json"],
];
for (const key of requests) httpApi.route(key, http);

export const websocketUrl = webSocketApi.url;
export const httpUrl = httpApi.url;
export const { wscat, curl } = tryLines(settings, webSocketApi, httpApi);
export const tableName = table.name;
const functions = { websocket, http, fanout, ...(authorizer && { authorizer }) };
const shown = { webSocketApi, httpApi, table, queue, functions };
export const dashboardUrl = dashboard("channels", shown).url;
