/** What takes the place of AWS: the account, and where the two gateways and SQS listen. */
export type Cloud = {
  region: string;
  accountId: string;
  /** As in `ws://127.0.0.1:3001`, without a path. */
  webSocketOrigin: string;
  /** As in `http://127.0.0.1:3000`. */
  httpOrigin: string;
  /** As in `http://127.0.0.1:3002`. */
  sqsOrigin: string;
};

/** A resource that is to be made, with the physical name that Pulumi makes of its own one. */
type Declared = { type: string; physicalName: string; inputs: Record<string, unknown> };
type Made = { id: string; state: Record<string, unknown> };

/** Returns the outputs that a resource would have on AWS, as far as the program uses them. */
export function cloudState(cloud: Cloud, { type, physicalName: physical, inputs }: Declared): Made {
  const arn = (service: string, resource: string) =>
    `arn:aws:${service}:${cloud.region}:${cloud.accountId}:${resource}`;
  const named = (resourceArn: string, more = {}): Made => ({
    id: physical,
    state: { name: physical, arn: resourceArn, ...more },
  });

  switch (type) {
    case "aws:dynamodb/table:Table":
      return named(arn("dynamodb", `table/${physical}`));
    case "aws:sqs/queue:Queue": {
      const url = `${cloud.sqsOrigin}/${cloud.accountId}/${physical}`;
      return { id: url, state: { name: physical, arn: arn("sqs", physical), url } };
    }
    case "aws:iam/role:Role":
      return named(`arn:aws:iam::${cloud.accountId}:role/${physical}`);
    case "aws:sns/topic:Topic":
      return named(arn("sns", physical));
    case "aws:cloudwatch/logGroup:LogGroup":
      return named(arn("logs", `log-group:${physical}`));
    case "aws:lambda/function:Function": {
      const functionArn = arn("lambda", `function:${physical}`);
      const invokePath = `path/2015-03-31/functions/${functionArn}/invocations`;
      return named(functionArn, {
        invokeArn: `arn:aws:apigateway:${cloud.region}:lambda:${invokePath}`,
      });
    }
    case "aws:apigatewayv2/api:Api":
      return {
        id: physical,
        state: {
          executionArn: arn("execute-api", physical),
          apiEndpoint: endpointOf(cloud, inputs),
        },
      };
    case "aws:apigatewayv2/stage:Stage":
      return { id: String(inputs.name), state: {} };
    default:
      return { id: physical, state: {} };
  }
}

function endpointOf(cloud: Cloud, { protocolType }: Record<string, unknown>): string {
  return protocolType === "WEBSOCKET" ? cloud.webSocketOrigin : cloud.httpOrigin;
}
