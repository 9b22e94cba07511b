import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "./settings/settings.ts";

/** The one stage of an API: named after the stack, always deployed, and throttled. */
export function stageOf(
  name: string,
  api: aws.apigatewayv2.Api,
  { stack, throttling }: Settings,
  opts: pulumi.CustomResourceOptions,
): aws.apigatewayv2.Stage {
  const args = {
    apiId: api.id,
    name: stack,
    autoDeploy: true,
    defaultRouteSettings: {
      throttlingRateLimit: throttling.rateLimit,
      throttlingBurstLimit: throttling.burstLimit,
    },
  };
  return new aws.apigatewayv2.Stage(name, args, opts);
}
