import type * as pulumi from "@pulumi/pulumi";
import { authorizerEnvironment } from "./environment.ts";
import { LambdaFunction } from "./lambda-function.ts";
import type { Settings } from "./settings/settings.ts";

// Two requests to the issuer of 1.5 seconds each, and a cold start.
const timeout = 10;

/** Creates the function that checks the tokens of handshakes; undefined if the stack asks for none. */
export function tokenAuthorizer(
  name: string,
  code: pulumi.asset.Archive,
  settings: Settings,
): LambdaFunction | undefined {
  const { auth, logs, kmsKeyArn, memorySize, tracing } = settings;
  if (auth.mode !== "jwt") return undefined;
  const environment = authorizerEnvironment(settings, auth);
  return new LambdaFunction(name, {
    code,
    environment,
    logs: { retentionDays: logs.retentionDays, kmsKeyArn },
    tracing,
    memorySize: memorySize.authorizer,
    timeout,
    permissions: [],
  });
}
