import * as pulumi from "@pulumi/pulumi";
import { channelTable } from "./infra/channel-table.ts";
import { dashboard } from "./infra/dashboard.ts";
import { HttpApi } from "./infra/http-api.ts";
import { LambdaFunction } from "./infra/lambda-function.ts";
import { allow } from "./infra/permission.ts";
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
  DEFAULT_CHANNEL: settings.defaultChannel,
};
const websocket = new LambdaFunction("websocket", {
  logRetentionDays,
  environment,
  permissions: [
    allow(
      ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"],
      [table.arn],
    ),
  ],
});
const http = new LambdaFunction("http", {
  logRetentionDays,
  timeout: 29,
  environment: {
    ...environment,
    WEBSOCKET_URL: webSocketApi.url,
    CONNECTIONS_ENDPOINT: webSocketApi.connectionsEndpoint,
  },
  permissions: [
    allow(
      ["dynamodb:UpdateItem", "dynamodb:Query", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"],
      [table.arn],
    ),
    webSocketApi.manageConnections("POST"),
  ],
});

for (const key of ["$connect", "$disconnect", "$default", "ping"])
  webSocketApi.route(key, websocket);
for (const key of ["GET /", "POST /"]) httpApi.route(key, http);

export const websocketUrl = webSocketApi.url;
export const httpUrl = httpApi.url;
export const wscat = pulumi.interpolate`npx wscat --connect ${websocketUrl}`;
export const curl = pulumi.interpolate`curl ${httpUrl} -d message`;
export const tableName = table.name;
export const dashboardUrl = dashboard("channels", {
  webSocketApi,
  httpApi,
  functions: { websocket, http },
  table,
}).url;
