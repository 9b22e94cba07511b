import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { AccessLogSettings } from "./access-log.ts";
import { tagsOf } from "./tags.ts";

/** The requests that an API takes. A stage with only one of the two limits sets the other to 0. */
export type Throttling = {
  /** Requests per second. */
  rateLimit: number;
  /** Requests at once. */
  burstLimit: number;
};

export type StageArgs = {
  /** The name of the API's one stage, which is part of its URL. */
  stageName: string;
  /** The requests that the stage takes. Defaults to 1,000 per second, 500 at once. */
  throttling?: Throttling;
};

export type Served = {
  /** Everything that the stage serves. */
  served: pulumi.Resource[];
  /** Where it logs its requests; undefined logs none. */
  accessLogSettings: AccessLogSettings | undefined;
};

/**
 * Creates the one stage of an API after all that it serves, and deploys each change of it at once. AWS names
 * routes, integrations and authorizers as what starts such a deployment, but not route responses:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-set-up-websocket-deployment.html
 */
export function stageOf(
  name: string,
  api: aws.apigatewayv2.Api,
  { stageName, throttling = { rateLimit: 1_000, burstLimit: 500 } }: StageArgs,
  { served, accessLogSettings }: Served,
  opts: pulumi.CustomResourceOptions,
): aws.apigatewayv2.Stage {
  const args = {
    apiId: api.id,
    name: stageName,
    autoDeploy: true,
    ...(accessLogSettings && { accessLogSettings }),
    defaultRouteSettings: {
      throttlingRateLimit: throttling.rateLimit,
      throttlingBurstLimit: throttling.burstLimit,
    },
    tags: tagsOf(),
  };
  return new aws.apigatewayv2.Stage(name, args, { ...opts, dependsOn: served });
}
