import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ChannelTable } from "./channel-table.ts";
import type { DeliveryQueue } from "./delivery-queue.ts";
import { fullName } from "./full-name.ts";
import type { HttpApi } from "./http-api.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import { tagsOf } from "./tags.ts";
import type { WebSocketApi } from "./websocket-api.ts";

export type AlarmsArgs = {
  webSocketApi: WebSocketApi;
  httpApi: HttpApi;
  table: ChannelTable;
  queue: DeliveryQueue;
  /** By the names that alarms have of them. */
  functions: Record<string, LambdaFunction | undefined>;
  /** Gets a mail for each alarm, and one when it is over, once it has confirmed that. */
  email?: string | undefined;
  /** An SNS topic that gets the same. */
  topicArn?: string | undefined;
  /** Errors of one kind within five minutes that are an alarm. Defaults to 5. */
  errors?: number;
  /** Seconds that a delivery waits in the queue when it is an alarm. Defaults to 300. */
  deliverySeconds?: number;
};

/** A figure that is an alarm from `threshold` on, within five minutes, and what to do first. */
type Watched = {
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

/** The alarms of a stack, and whom they tell. */
export class Alarms extends pulumi.ComponentResource {
  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("websocket-channels:infra:Alarms", name, {}, opts);
    const parent = { parent: this };
    const { email, topicArn, errors = 5 } = args;
    const mailed = email === undefined ? undefined : mailTopic(name, email, parent);
    const told = [topicArn, mailed].filter((arn) => arn !== undefined);
    for (const [watched, { first, heading, ...metric }] of Object.entries(watchedIn(args))) {
      new aws.cloudwatch.MetricAlarm(
        fullName(watched),
        {
          ...{ statistic: "Sum", threshold: errors, ...metric },
          comparisonOperator: "GreaterThanOrEqualToThreshold",
          period: 300,
          evaluationPeriods: 1,
          // Most of these figures are not written while there is nothing to tell.
          treatMissingData: "notBreaching",
          alarmDescription: `${first} See "${heading}" in docs/operations.md.`,
          ...(told.length > 0 && { alarmActions: told, okActions: told }),
          tags: tagsOf(),
        },
        parent,
      );
    }
    this.registerOutputs({});
  }
}

/** Makes a topic that sends mails, and returns its ARN. */
function mailTopic(
  name: string,
  email: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const topic = new aws.sns.Topic(fullName(name), { tags: tagsOf() }, opts);
  const args = { topic: topic.arn, protocol: "email", endpoint: email };
  new aws.sns.TopicSubscription(fullName(name), args, opts);
  return topic.arn;
}

function watchedIn(args: AlarmsArgs): Record<string, Watched> {
  const { webSocketApi, httpApi, table, queue, functions, deliverySeconds = 300 } = args;
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
  const perFunction = (metricName: string, told: Pick<Watched, "first" | "heading">) =>
    Object.entries(functions).flatMap(([key, fn]) => {
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
      perFunction("Errors", {
        first: "Read the error in the log of the function.",
        heading: "Function errors",
      }),
    ),
    ...Object.fromEntries(
      perFunction("Throttles", {
        first: "Compare the account's concurrent executions with what it may have.",
        heading: "Function throttles",
      }),
    ),
    "table-read-throttles": ofTable("ReadThrottleEvents"),
    "table-write-throttles": ofTable("WriteThrottleEvents"),
  };
}
