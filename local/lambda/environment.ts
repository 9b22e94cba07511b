import { randomBytes } from "node:crypto";
import type { FunctionDescription } from "../graph/description.ts";

/**
 * The variables that Lambda itself sets for one instance of a function.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function reservedEnvironment(
  fn: FunctionDescription,
  instance: {
    region: string;
    /** Milliseconds since the epoch. */
    startedAt: number;
  },
): Record<string, string> {
  const [major] = process.versions.node.split(".");
  const day = new Date(instance.startedAt).toISOString().slice(0, 10).replaceAll("-", "/");
  return {
    _HANDLER: fn.handler,
    AWS_DEFAULT_REGION: instance.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${major}.x`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMegabytes),
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `${day}/[$LATEST]${randomBytes(16).toString("hex")}`,
    AWS_REGION: instance.region,
    LAMBDA_TASK_ROOT: fn.codeFolder,
    TZ: ":UTC",
  };
}
