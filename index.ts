import * as pulumi from "@pulumi/pulumi";
import { channelTable, listChannels, useItems } from "./infra/channel-table.ts";
import { dashboard } from "./infra/dashboard.ts";
import { HttpApi } from "./infra/http-api.ts";
import { LambdaFunction } from "./infra/lambda-function.ts";
import { readSettings } from "./infra/settings.ts";
import { WebSocketApi } from "./infra/websocket-api.ts";

const settings = readSettings();
const { logRetentionDays } = settings;

const table = channelTable("channels", settings);
const webSocketApi = new WebSocketApi("websocket", settings);
const httpApi = new HttpApi("http", settings);

const environment = {
  POWERTOOLS_SERVICE_NAME: settings.project,
  TABLE_NAME: table.name,
  CONNECTIONS_ENDPOINT: webSocketApi.connectionsEndpoint,
  WEBSOCKET_URL: webSocketApi.url,
  DELIVERY_QUEUE_URL: "http://127.0.0.1:9/000000000000/none",
  DELIVERY_CONCURRENCY: String(settings.delivery.concurrency),
  INLINE_RECIPIENTS: String(settings.delivery.inlineRecipients),
  DEFAULT_CHANNEL: settings.defaultChannel,
  HISTORY_SECONDS: String(settings.historySeconds),
};
const websocket = new LambdaFunction("websocket", {
  logRetentionDays,
  environment,
  permissions: [useItems(table), webSocketApi.manageConnections("POST")],
});
const http = new LambdaFunction("http", {
  logRetentionDays,
  environment,
  permissions: [
    useItems(table),
    listChannels(table),
    webSocketApi.manageConnections("POST", "GET", "DELETE"),
  ],
});

const actions = ["subscribe", "unsubscribe", "publish", "history", "ping"];
for (const key of ["$connect", "$disconnect", "$default", ...actions]) {
  webSocketApi.route(key, websocket);
}
const channel = "/channels/{channel}";
const requests = [
  ...["GET /", "POST /", "GET /channels"],
  ...[`GET ${channel}/messages`, `POST ${channel}/messages`, `GET ${channel}/connections`],
  ...["GET", "POST", "DELETE"].map((method) => `${method} /connections/{id}`),
];
for (const key of requests) httpApi.route(key, http);

export const websocketUrl = webSocketApi.url;
export const httpUrl = httpApi.url;
export const wscat = pulumi.interpolate`npx wscat --connect ${websocketUrl}`;
export const curl = pulumi.interpolate`curl ${httpUrl} -d message`;
export const tableName = table.name;
export const dashboardUrl = dashboard("channels", {
  ...{ webSocketApi, httpApi, table },
  functions: { websocket, http },
}).url;
