import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { fullName } from "./full-name.ts";
import { tagsOf } from "./tags.ts";

/**
 * Gives API Gateway the role by which it writes the logs of WebSocket APIs: one for the account and region, so
 * one stack makes it, and the others use it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export function apiGatewayAccount(
  name: string,
  opts: pulumi.CustomResourceOptions,
): aws.apigateway.Account {
  const role = new aws.iam.Role(
    fullName(name),
    {
      assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({
        Service: "apigateway.amazonaws.com",
      }),
      tags: tagsOf(),
    },
    opts,
  );
  const policy = new aws.iam.RolePolicyAttachment(
    fullName(name),
    {
      role: role.name,
      policyArn: aws.iam.ManagedPolicy.AmazonAPIGatewayPushToCloudWatchLogs,
    },
    opts,
  );
  // API Gateway tries the role at once.
  return new aws.apigateway.Account(
    fullName(name),
    { cloudwatchRoleArn: role.arn },
    { ...opts, dependsOn: [policy] },
  );
}
