import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fullName } from "./full-name.ts";
import { logGroup, type LogGroupArgs } from "./log-group.ts";
import { allow, allowTracing } from "./permission.ts";
import { tagsOf } from "./tags.ts";

export type LambdaFunctionArgs = {
  /** An archive whose `index.mjs` exports `handler`. */
  code: pulumi.asset.Archive;
  environment: Record<string, pulumi.Input<string>>;
  /** All that it may do besides writing its own log; undefined grants nothing. */
  permissions: (aws.iam.PolicyStatement | undefined)[];
  /** How its log is kept. */
  logs?: LogGroupArgs;
  /** Whether X-Ray traces it. Defaults to false. */
  tracing?: boolean;
  /** Seconds before AWS stops it. Defaults to 29, the most that API Gateway waits. */
  timeout?: number;
  /** Instances that are kept for it of the account's, and that it has at most. Defaults to 0: none. */
  reservedConcurrency?: number;
  /** Megabytes; CPU grows with it. Defaults to 512. */
  memorySize?: number;
};

/** One Lambda, with its role, its one policy and its log group, all named after project and stack. */
export class LambdaFunction extends pulumi.ComponentResource {
  readonly function: aws.lambda.Function;
  readonly logGroup: aws.cloudwatch.LogGroup;
  /** Megabytes. */
  readonly memorySize: number;

  constructor(name: string, args: LambdaFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("websocket-channels:infra:LambdaFunction", name, {}, opts);
    this.memorySize = args.memorySize ?? 512;
    const parent = { parent: this };
    const tags = tagsOf();
    this.logGroup = logGroup(fullName(name), args.logs ?? {}, parent);
    const role = new aws.iam.Role(
      fullName(name),
      {
        assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
        tags,
      },
      parent,
    );
    const writeLogs = allow(
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      [pulumi.interpolate`${this.logGroup.arn}:*`],
    );
    const policy = new aws.iam.RolePolicy(
      fullName(name),
      {
        role: role.name,
        policy: {
          Version: "2012-10-17",
          Statement: [...args.permissions, allowTracing(args.tracing), writeLogs].filter(
            (statement) => statement !== undefined,
          ),
        },
      },
      parent,
    );
    this.function = new aws.lambda.Function(
      fullName(name),
      {
        role: role.arn,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: args.code,
        timeout: args.timeout ?? 29,
        memorySize: this.memorySize,
        // 0 would let it run at no time.
        ...(args.reservedConcurrency && {
          reservedConcurrentExecutions: args.reservedConcurrency,
        }),
        ...(args.tracing && { tracingConfig: { mode: "Active" } }),
        loggingConfig: { logFormat: "JSON", logGroup: this.logGroup.name },
        environment: { variables: { NODE_OPTIONS: "--enable-source-maps", ...args.environment } },
        tags,
      },
      // No property of the function names its policy, and its first event may come at once.
      { ...parent, dependsOn: [policy] },
    );
    this.registerOutputs({ function: this.function.arn });
  }
}

/** Returns a name of each function that there is, by the same keys. */
export function namesOf(
  functions: Record<string, LambdaFunction | undefined>,
  nameOf: (fn: LambdaFunction) => pulumi.Output<string>,
): Record<string, pulumi.Output<string>> {
  const present = Object.entries(functions).flatMap(([key, fn]) => (fn ? [[key, nameOf(fn)]] : []));
  return Object.fromEntries(present) as Record<string, pulumi.Output<string>>;
}
