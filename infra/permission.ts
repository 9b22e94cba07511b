import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Returns a statement that allows exactly these actions on these resources. */
export function allow(
  actions: string[],
  resources: pulumi.Input<string>[],
): aws.iam.PolicyStatement {
  return { Effect: "Allow", Action: actions, Resource: resources };
}

/** Allows using the key that encrypts the table and the queues, where the stack has one of its own. */
export function allowKey(kmsKeyArn: string | undefined): aws.iam.PolicyStatement | undefined {
  // DynamoDB and SQS decrypt their data keys in the caller's name, and SQS makes new ones:
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
  return kmsKeyArn ? allow(["kms:Decrypt", "kms:GenerateDataKey"], [kmsKeyArn]) : undefined;
}

/** Allows Lambda to send what it has traced, where it traces. X-Ray has no resource to name. */
export function allowTracing(isTraced = false): aws.iam.PolicyStatement | undefined {
  return isTraced ? allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"]) : undefined;
}

/** Allows API Gateway to invoke a function for one route: `source` is the route's ARN. */
export function allowInvoke(
  name: string,
  fn: aws.lambda.Function,
  source: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): aws.lambda.Permission {
  const principal = "apigateway.amazonaws.com";
  const args = { action: "lambda:InvokeFunction", function: fn.name, principal, sourceArn: source };
  return new aws.lambda.Permission(name, args, opts);
}
