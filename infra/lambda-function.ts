import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow } from "./permission.ts";

export type LambdaFunctionArgs = {
  /** An archive whose `index.mjs` exports `handler`. */
  code: pulumi.asset.Archive;
  environment: Record<string, pulumi.Input<string>>;
  /** All that it may do besides writing its own log; undefined grants nothing. */
  permissions: (aws.iam.PolicyStatement | undefined)[];
  /** Days for which its logs are kept. Defaults to 14. */
  logRetentionDays?: number;
  /** Seconds before AWS stops it. Defaults to 29, the most that API Gateway waits. */
  timeout?: number;
  /** Instances that are kept for it of the account's, and that it has at most. Defaults to 0: none. */
  reservedConcurrency?: number;
  /** Megabytes; CPU grows with it. Defaults to 512. */
  memorySize?: number;
};

/** One Lambda, with its role, its one policy and its log group. */
export class LambdaFunction extends pulumi.ComponentResource {
  readonly function: aws.lambda.Function;

  constructor(name: string, args: LambdaFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("websocket-channels:infra:LambdaFunction", name, {}, opts);
    const parent = { parent: this };

    const logGroup = new aws.cloudwatch.LogGroup(
      name,
      { retentionInDays: args.logRetentionDays ?? 14 },
      parent,
    );
    const role = new aws.iam.Role(
      name,
      {
        assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
      },
      parent,
    );
    const writeLogs = allow(
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      [pulumi.interpolate`${logGroup.arn}:*`],
    );
    const policy = new aws.iam.RolePolicy(
      name,
      {
        role: role.name,
        policy: {
          Version: "2012-10-17",
          Statement: [...args.permissions, writeLogs].filter(
            (statement) => statement !== undefined,
          ),
        },
      },
      parent,
    );
    this.function = new aws.lambda.Function(
      name,
      {
        role: role.arn,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: args.code,
        timeout: args.timeout ?? 29,
        memorySize: args.memorySize ?? 512,
        // 0 would let it run at no time.
        ...(args.reservedConcurrency && {
          reservedConcurrentExecutions: args.reservedConcurrency,
        }),
        loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
        environment: { variables: { NODE_OPTIONS: "--enable-source-maps", ...args.environment } },
      },
      // No property of the function names its policy, and its first event may come at once.
      { ...parent, dependsOn: [policy] },
    );
    this.registerOutputs({ function: this.function.arn });
  }
}
