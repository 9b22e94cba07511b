import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { maxReceives } from "../handlers/protocol/limits.ts";
import { fullName } from "./full-name.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import { allow } from "./permission.ts";
import { tagsOf } from "./tags.ts";

export type DeliveryQueueArgs = {
  /** Seconds that the function on the queue has for what it receives. Defaults to 60. */
  workSeconds?: number;
  /** The key that encrypts both queues. Defaults to SQS's own. */
  kmsKeyArn?: string | undefined;
};

/** The delivery queue, with its dead-letter queue. */
export class DeliveryQueue extends pulumi.ComponentResource {
  readonly queue: aws.sqs.Queue;
  readonly deadLetters: aws.sqs.Queue;
  /** Seconds that the function on the queue has for what it receives. */
  readonly workSeconds: number;
  readonly #name: string;

  constructor(name: string, args: DeliveryQueueArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("websocket-channels:infra:DeliveryQueue", name, {}, opts);
    const { workSeconds = 60, kmsKeyArn } = args;
    this.#name = name;
    this.workSeconds = workSeconds;
    const parent = { parent: this };
    const encryption = kmsKeyArn ? { kmsMasterKeyId: kmsKeyArn } : { sqsManagedSseEnabled: true };
    const common = { ...encryption, tags: tagsOf() };

    this.deadLetters = new aws.sqs.Queue(
      fullName(`${name}-dead-letters`),
      // Two weeks, the most that SQS keeps a message:
      // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
      { ...common, messageRetentionSeconds: 14 * 24 * 60 * 60 },
      parent,
    );
    this.queue = new aws.sqs.Queue(
      fullName(name),
      {
        ...common,
        // Six times the function's timeout, as AWS recommends:
        // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
        visibilityTimeoutSeconds: 6 * workSeconds,
        redrivePolicy: pulumi.jsonStringify({
          deadLetterTargetArn: this.deadLetters.arn,
          // The function gives up what it has received once more than that, and counts it.
          maxReceiveCount: maxReceives + 1,
        }),
      },
      parent,
    );
    this.registerOutputs({ url: this.queue.url });
  }

  /** Invokes a function with the queue's jobs, on at most `maxConcurrency` instances at the same time. */
  workedBy({ function: fn }: LambdaFunction, maxConcurrency: number): void {
    new aws.lambda.EventSourceMapping(
      this.#name,
      {
        eventSourceArn: this.queue.arn,
        functionName: fn.name,
        // A job is work for seconds: one that waits for another's instance would be late.
        batchSize: 1,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: maxConcurrency },
        tags: tagsOf(),
      },
      { parent: this },
    );
    // What a job leaves goes through the queue again. Lambda would take that for a loop after some 16 turns
    // and end it; a job has an end of its own:
    // https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
    new aws.lambda.FunctionRecursionConfig(
      this.#name,
      { functionName: fn.name, recursiveLoop: "Allow" },
      { parent: this },
    );
  }

  /** Allows sending jobs to the queue. */
  allowSend(): aws.iam.PolicyStatement {
    return allow(["sqs:SendMessage"], [this.queue.arn]);
  }

  /** Allows Lambda to receive jobs for the function that works on the queue. */
  allowReceive(): aws.iam.PolicyStatement {
    return allow(
      ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      [this.queue.arn],
    );
  }

  /** Allows sending jobs to the dead-letter queue. */
  allowSendDeadLetters(): aws.iam.PolicyStatement {
    return allow(["sqs:SendMessage"], [this.deadLetters.arn]);
  }
}
