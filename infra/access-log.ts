import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { fullName } from "./full-name.ts";
import { logGroup, type LogGroupArgs } from "./log-group.ts";

// The path of a request has no query string, and no variable here has a header or a body.

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html */
const httpLine = {
  time: "$context.requestTimeEpoch",
  requestId: "$context.requestId",
  ip: "$context.identity.sourceIp",
  method: "$context.httpMethod",
  path: "$context.path",
  route: "$context.routeKey",
  status: "$context.status",
  functionStatus: "$context.integration.status",
  error: "$context.error.responseType",
  bytes: "$context.responseLength",
  milliseconds: "$context.responseLatency",
  functionMilliseconds: "$context.integration.latency",
};

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html */
const webSocketLine = {
  time: "$context.requestTimeEpoch",
  requestId: "$context.requestId",
  connectionId: "$context.connectionId",
  ip: "$context.identity.sourceIp",
  event: "$context.eventType",
  route: "$context.routeKey",
  status: "$context.status",
  functionStatus: "$context.integration.status",
  error: "$context.error.responseType",
  functionMilliseconds: "$context.integration.latency",
};

const lines = { HTTP: httpLine, WEBSOCKET: webSocketLine };

export type AccessLogSettings = NonNullable<aws.apigatewayv2.StageArgs["accessLogSettings"]>;

/** Creates the log of a stage, which gets one line of JSON for each request, or for each event of a WebSocket. */
export function accessLog(
  name: string,
  protocol: keyof typeof lines,
  args: LogGroupArgs,
  opts: pulumi.CustomResourceOptions,
): AccessLogSettings {
  // Without this beginning API Gateway adds each log group to a resource policy that has no room for many:
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
  const prefix = `/aws/vendedlogs/${fullName(name)}-`;
  const group = logGroup(`${fullName(name)}-access`, args, { ...opts, prefix });
  return { destinationArn: group.arn, format: JSON.stringify(lines[protocol]) };
}
