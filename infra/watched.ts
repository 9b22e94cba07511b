import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  issuerUnavailable,
  reasonDimension,
  stackDimension,
  type MetricName,
} from "../handlers/aws/metrics.ts";
import type { ChannelTable } from "./channel-table.ts";
import type { DeliveryQueue } from "./delivery-queue.ts";
import type { HttpApi } from "./http-api.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import type { WebSocketApi } from "./websocket-api.ts";

/** What alarms look at. */
export type WatchedParts = {
  webSocketApi: WebSocketApi;
  httpApi: HttpApi;
  table: ChannelTable;
  queue: DeliveryQueue;
  /** By the names that alarms have of them; `authorizer` is the one that refuses by an error. */
  functions: Record<string, LambdaFunction | undefined>;
  /** Seconds that a delivery waits in the queue when it is an alarm. Defaults to 300. */
  deliverySeconds?: number;
};

/** A figure that is an alarm from `threshold` on, within five minutes, and what to do first. */
export type Watched = {
  namespace: string;
  metricName: string;
  dimensions: Record<string, pulumi.Input<string>>;
  statistic?: "Sum" | "Maximum";
  threshold?: number;
  /** What to do first. */
  first: string;
  /** Where docs/operations.md goes on. */
  heading: string;
};

/** Returns the figures that are watched, by the names of their alarms. */
export function watchedIn(parts: WatchedParts): Record<string, Watched> {
  const { webSocketApi, httpApi, table, queue, functions, deliverySeconds = 300 } = parts;
  const ofQueue = (metricName: string, { name }: aws.sqs.Queue, threshold: number) => ({
    ...{ namespace: "AWS/SQS", metricName, dimensions: { QueueName: name } },
    ...{ statistic: "Maximum" as const, threshold },
  });
  const ofStage = (metricName: string, { api, stageName }: WebSocketApi | HttpApi) => ({
    ...{ namespace: "AWS/ApiGateway", metricName },
    dimensions: { ApiId: api.id, Stage: stageName },
  });
  const ofWebSocket = (metricName: string) => ({
    ...ofStage(metricName, webSocketApi),
    first: "Look for errors in the log of the function websocket.",
    heading: "WebSocket errors",
  });
  const ofTable = (metricName: string) => ({
    ...{ namespace: "AWS/DynamoDB", metricName, dimensions: { TableName: table.name } },
    first: "Find the channel that is published to most.",
    heading: "Table throttles",
  });
  // Of the authorizer each refused token is an error, as API Gateway wants it.
  const { authorizer, ...others } = functions;
  const refusals: MetricName = "HandshakesRefused";
  const perFunction = (
    watchedFunctions: WatchedParts["functions"],
    metricName: string,
    told: Pick<Watched, "first" | "heading">,
  ) =>
    Object.entries(watchedFunctions).flatMap(([key, fn]) => {
      if (fn === undefined) return [];
      const dimensions = { FunctionName: fn.function.name };
      const watched = { namespace: "AWS/Lambda", metricName, dimensions, ...told };
      return [[`${key}-${metricName.toLowerCase()}`, watched] as const];
    });
  return {
    "dead-letters": {
      ...ofQueue("ApproximateNumberOfMessagesVisible", queue.deadLetters, 1),
      first: "Read the reason in a message of the dead-letter queue.",
      heading: "Dead letters",
    },
    "late-deliveries": {
      ...ofQueue("ApproximateAgeOfOldestMessage", queue.queue, deliverySeconds),
      first: "See on the dashboard whether fanout fails or is throttled.",
      heading: "Late deliveries",
    },
    "http-5xx": {
      ...ofStage("5xx", httpApi),
      first: "Look for errors in the log of the function http.",
      heading: "HTTP errors",
    },
    "websocket-integration-errors": ofWebSocket("IntegrationError"),
    "websocket-execution-errors": ofWebSocket("ExecutionError"),
    ...Object.fromEntries(
      perFunction(others, "Errors", {
        first: "Read the error in the log of the function.",
        heading: "Function errors",
      }),
    ),
    ...Object.fromEntries(
      perFunction(functions, "Throttles", {
        first: "Compare the account's concurrent executions with what it may have.",
        heading: "Function throttles",
      }),
    ),
    ...(authorizer && {
      "authorizer-errors": {
        ...{ namespace: pulumi.getProject(), metricName: refusals },
        dimensions: {
          [stackDimension]: pulumi.getStack(),
          [reasonDimension]: issuerUnavailable,
        },
        first: "See whether the issuer of the tokens answers.",
        heading: "Tokens that cannot be verified",
      },
    }),
    "table-read-throttles": ofTable("ReadThrottleEvents"),
    "table-write-throttles": ofTable("WriteThrottleEvents"),
  };
}
