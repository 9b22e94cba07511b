import { Alarms } from "./infra/alarms.ts";
import { archives } from "./infra/archives.ts";
import { ChannelTable } from "./infra/channel-table.ts";
import { customDomains } from "./infra/custom-domain.ts";
import { dashboard } from "./infra/dashboard.ts";
import { DeliveryQueue } from "./infra/delivery-queue.ts";
import { environmentOf } from "./infra/environment.ts";
import { HttpApi } from "./infra/http-api.ts";
import { LambdaFunction, namesOf } from "./infra/lambda-function.ts";
import { allowKey } from "./infra/permission.ts";
import { readmeOf } from "./infra/readme.ts";
import { readSettings } from "./infra/settings/settings.ts";
import { tokenAuthorizer } from "./infra/token-authorizer.ts";
import { tryLines } from "./infra/try-lines.ts";
import { WebSocketApi } from "./infra/websocket-api.ts";

const settings = await readSettings();
const { auth, domain, corsOrigins, delivery, throttling, kmsKeyArn, stack: stageName } = settings;
const { memorySize, tracing } = settings;
const logs = { retentionDays: settings.logs.retentionDays, kmsKeyArn };
const code = await archives("websocket", "http", "fanout", "authorizer");

const table = new ChannelTable("channels", { ...settings.table, kmsKeyArn });
const queue = new DeliveryQueue("deliveries", { kmsKeyArn });
const authorizer = tokenAuthorizer("authorizer", code.authorizer, settings);
const webSocketApi = new WebSocketApi("websocket", {
  ...{ stageName, throttling, auth, authorizer },
  host: domain?.websocketHost,
  accessLogs: { ...logs, by: settings.logs.webSocketAccess },
});
const httpApi = new HttpApi("http", {
  ...{ stageName, throttling, auth, corsOrigins },
  host: domain?.httpHost,
  executeApiEndpoint: domain?.executeApiEndpoint,
  accessLogs: settings.logs.httpAccess ? logs : undefined,
});
const environment = environmentOf(settings, { table, queue, webSocketApi });

const websocket = new LambdaFunction("websocket", {
  code: code.websocket,
  ...{ environment, logs, tracing },
  memorySize: memorySize.websocket,
  reservedConcurrency: settings.reservedConcurrency,
  permissions: [
    table.allowItems(),
    queue.allowSend(),
    allowKey(kmsKeyArn),
    webSocketApi.allowConnections("POST"),
    // A connection ends with its token.
    authorizer && webSocketApi.allowConnections("DELETE"),
  ],
});

const http = new LambdaFunction("http", {
  code: code.http,
  ...{ environment, logs, tracing },
  memorySize: memorySize.http,
  permissions: [
    table.allowItems(),
    table.allowListing(),
    queue.allowSend(),
    allowKey(kmsKeyArn),
    webSocketApi.allowConnections("POST", "GET", "DELETE"),
  ],
});

const fanout = new LambdaFunction("fanout", {
  code: code.fanout,
  ...{ environment, logs, tracing },
  memorySize: memorySize.fanout,
  timeout: queue.workSeconds,
  permissions: [
    table.allowItems(),
    queue.allowReceive(),
    queue.allowSend(),
    queue.allowSendDeadLetters(),
    allowKey(kmsKeyArn),
    webSocketApi.allowConnections("POST"),
  ],
});
queue.workedBy(fanout, delivery.fanoutConcurrency);

const webSocketStage = webSocketApi.deploy(websocket, [
  "$connect",
  "$disconnect",
  "$default",
  "subscribe",
  "unsubscribe",
  "publish",
  "history",
  "presence",
  "ping",
]);

const httpStage = httpApi.deploy(http, {
  open: ["GET /client.js"],
  routes: [
    "GET /",
    "POST /",
    "POST /messages",
    "GET /channels",
    "GET /channels/{channel}/messages",
    "POST /channels/{channel}/messages",
    "GET /channels/{channel}/messages/{id}/delivery",
    "GET /channels/{channel}/connections",
    "GET /channels/{channel}/members",
    "GET /connections/{id}",
    "POST /connections/{id}",
    "DELETE /connections/{id}",
    "GET /openapi.json",
    "GET /asyncapi.json",
  ],
});

const functions = { websocket, http, fanout, authorizer };
const parts = { webSocketApi, httpApi, table, queue, functions };
new Alarms("alarms", { ...parts, ...settings.alarms });

export const websocketUrl = webSocketApi.url;
export const httpUrl = httpApi.url;
export const dnsRecords = customDomains(domain, { websocket: webSocketStage, http: httpStage });
export const { wscat, curl } = tryLines(settings, webSocketApi, httpApi);
export const connectionsEndpoint = webSocketApi.connectionsEndpoint;
export const websocketApiId = webSocketApi.api.id;
export const httpApiId = httpApi.api.id;
export const tableName = table.name;
export const tableArn = table.table.arn;
export const deliveryQueueArn = queue.queue.arn;
export const deadLetterQueueArn = queue.deadLetters.arn;
export const functionNames = namesOf(functions, (fn) => fn.function.name);
export const logGroupNames = namesOf(functions, (fn) => fn.logGroup.name);
export const dashboardUrl = dashboard("channels", parts).url;
export const readme = readmeOf({
  ...{ websocketUrl, httpUrl, wscat, curl, dashboardUrl, logGroupNames },
  ...settings.alarms,
});
