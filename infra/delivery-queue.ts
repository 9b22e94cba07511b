import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import type { LambdaFunction } from "./lambda-function.ts";
import { allow } from "./permission.ts";

/** Seconds that the function on the queue has for what it receives. */
export const workSeconds = 60;

/** How often a job is received before it counts as dead: an instance that works on it may be lost. */
const maxReceives = 5;

/** The queue of deliveries, with the dead-letter queue behind it and an alarm on that. */
export class DeliveryQueue extends pulumi.ComponentResource {
  readonly queue: aws.sqs.Queue;
  readonly deadLetters: aws.sqs.Queue;
  readonly #name: string;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("websocket-channels:infra:DeliveryQueue", name, {}, opts);
    this.#name = name;
    const parent = { parent: this };
    const common = { sqsManagedSseEnabled: true };

    this.deadLetters = new aws.sqs.Queue(
      `${name}-dead-letters`,
      // Two weeks, the most there is, for somebody to see them.
      { ...common, messageRetentionSeconds: 14 * 24 * 60 * 60 },
      parent,
    );
    this.queue = new aws.sqs.Queue(
      name,
      {
        ...common,
        // Six times the function's timeout, as AWS recommends:
        // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
        visibilityTimeoutSeconds: 6 * workSeconds,
        redrivePolicy: pulumi.jsonStringify({
          deadLetterTargetArn: this.deadLetters.arn,
          maxReceiveCount: maxReceives,
        }),
      },
      parent,
    );
    awsx.classic.sqs.metrics
      .approximateNumberOfMessagesVisible({ queue: this.deadLetters, statistic: "Maximum" })
      .createAlarm(
        `${name}-dead-letters`,
        {
          threshold: 1,
          comparisonOperator: "GreaterThanOrEqualToThreshold",
          evaluationPeriods: 1,
          alarmDescription: "A message could not be delivered to somebody, after every retry.",
        },
        parent,
      );
    this.registerOutputs({ url: this.queue.url });
  }

  /** Hands the queue's jobs to a function, on at most so many instances at the same time. */
  workedBy({ function: fn }: LambdaFunction, maximumConcurrency: number): void {
    new aws.lambda.EventSourceMapping(
      this.#name,
      {
        eventSourceArn: this.queue.arn,
        functionName: fn.name,
        batchSize: 5,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency },
      },
      { parent: this },
    );
  }

  /** The permission to put jobs into the queue. */
  send(): aws.iam.PolicyStatement {
    return allow(["sqs:SendMessage"], [this.queue.arn]);
  }

  /** The permissions of the function that works on the queue. */
  work(): aws.iam.PolicyStatement[] {
    return [
      allow(
        ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        [this.queue.arn],
      ),
      allow(["sqs:SendMessage"], [this.queue.arn, this.deadLetters.arn]),
    ];
  }
}
