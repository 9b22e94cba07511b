import type * as pulumi from "@pulumi/pulumi";
import type { AuthorizerEnvironment, Environment } from "../handlers/aws/environment.ts";
import type { ChannelTable } from "./channel-table.ts";
import type { DeliveryQueue } from "./delivery-queue.ts";
import type { Settings } from "./settings/settings.ts";
import type { WebSocketApi } from "./websocket-api.ts";

/** Every variable that the functions read, and no other: an object that lacks one does not compile. */
type Variables<Read> = Record<keyof Read, pulumi.Input<string>>;

export type EnvironmentArgs = {
  table: ChannelTable;
  queue: DeliveryQueue;
  webSocketApi: WebSocketApi;
};

/** Returns the environment of every function that works on the channels. */
export function environmentOf(
  settings: Settings,
  { table, queue, webSocketApi }: EnvironmentArgs,
): Variables<Environment> {
  return {
    POWERTOOLS_SERVICE_NAME: settings.project,
    STACK_NAME: settings.stack,
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
    PRESENCE_LIMIT: String(settings.presence.limit),
    PRESENCE_GRACE_SECONDS: String(settings.presence.graceSeconds),
    PREFIX_SUBSCRIPTIONS: String(settings.prefixSubscriptions),
  };
}

/** Returns the environment of the function that checks tokens of this issuer for this audience. */
export function authorizerEnvironment(
  { project, stack }: Settings,
  { issuer, audience }: { issuer: string; audience: string },
): Variables<AuthorizerEnvironment> {
  return {
    POWERTOOLS_SERVICE_NAME: project,
    STACK_NAME: stack,
    JWT_ISSUER: issuer,
    JWT_AUDIENCE: audience,
  };
}
