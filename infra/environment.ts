import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { DeliveryQueue } from "./delivery-queue.ts";
import type { Settings } from "./settings/settings.ts";
import type { WebSocketApi } from "./websocket-api.ts";

export type EnvironmentArgs = {
  table: aws.dynamodb.Table;
  queue: DeliveryQueue;
  webSocketApi: WebSocketApi;
};

/** What every function is told, and reads when it is loaded. */
export function environmentOf(
  settings: Settings,
  { table, queue, webSocketApi }: EnvironmentArgs,
): Record<string, pulumi.Input<string>> {
  return {
    POWERTOOLS_SERVICE_NAME: settings.project,
    TABLE_NAME: table.name,
    CONNECTIONS_ENDPOINT: webSocketApi.connectionsEndpoint,
    WEBSOCKET_URL: webSocketApi.url,
    DELIVERY_QUEUE_URL: queue.queue.url,
    DEAD_LETTER_QUEUE_URL: queue.deadLetters.url,
    DELIVERY_CONCURRENCY: String(settings.delivery.concurrency),
    INLINE_RECIPIENTS: String(settings.delivery.inlineRecipients),
    AUTH: settings.auth.mode,
    DEFAULT_CHANNEL: settings.defaultChannel,
    HISTORY_SECONDS: String(settings.historySeconds),
    MAX_MESSAGE_BYTES: String(settings.maxMessageBytes),
  };
}
