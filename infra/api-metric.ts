import * as awsx from "@pulumi/awsx";
import type { HttpApi } from "./http-api.ts";
import type { WebSocketApi } from "./websocket-api.ts";

/** Returns a metric of one stage: @pulumi/awsx has builders for REST APIs only. */
export function apiMetric({ api, stageName }: WebSocketApi | HttpApi, name: string) {
  return new awsx.classic.cloudwatch.Metric({
    namespace: "AWS/ApiGateway",
    name,
    dimensions: { ApiId: api.id, Stage: stageName },
    statistic: "Sum",
  });
}
