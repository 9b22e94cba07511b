import type * as aws from "@pulumi/aws";
import type { Unwrap } from "@pulumi/pulumi";

/** A resource that the program registered. */
export type Resource = {
  urn: string;
  type: string;
  name: string;
  /** Its id and its other outputs, as AWS would give them. */
  id: string;
  inputs: object;
  state: Record<string, unknown>;
};

/** The resource types that have a local service, with their arguments. */
type Known = {
  "aws:apigatewayv2/api:Api": aws.apigatewayv2.ApiArgs;
  "aws:apigatewayv2/authorizer:Authorizer": aws.apigatewayv2.AuthorizerArgs;
  "aws:apigatewayv2/integration:Integration": aws.apigatewayv2.IntegrationArgs;
  "aws:apigatewayv2/route:Route": aws.apigatewayv2.RouteArgs;
  "aws:apigatewayv2/routeResponse:RouteResponse": aws.apigatewayv2.RouteResponseArgs;
  "aws:apigatewayv2/stage:Stage": aws.apigatewayv2.StageArgs;
  "aws:cloudwatch/dashboard:Dashboard": aws.cloudwatch.DashboardArgs;
  "aws:dynamodb/table:Table": aws.dynamodb.TableArgs;
  "aws:iam/role:Role": aws.iam.RoleArgs;
  "aws:iam/rolePolicy:RolePolicy": aws.iam.RolePolicyArgs;
  "aws:lambda/eventSourceMapping:EventSourceMapping": aws.lambda.EventSourceMappingArgs;
  "aws:lambda/function:Function": aws.lambda.FunctionArgs;
  "aws:lambda/permission:Permission": aws.lambda.PermissionArgs;
  "aws:sqs/queue:Queue": aws.sqs.QueueArgs;
};

export type ResourceType = keyof Known;

export type KnownResource<T extends ResourceType> = Resource & { inputs: Unwrap<Known[T]> };

const known: Record<ResourceType, true> = {
  "aws:apigatewayv2/api:Api": true,
  "aws:apigatewayv2/authorizer:Authorizer": true,
  "aws:apigatewayv2/integration:Integration": true,
  "aws:apigatewayv2/route:Route": true,
  "aws:apigatewayv2/routeResponse:RouteResponse": true,
  "aws:apigatewayv2/stage:Stage": true,
  "aws:cloudwatch/dashboard:Dashboard": true,
  "aws:dynamodb/table:Table": true,
  "aws:iam/role:Role": true,
  "aws:iam/rolePolicy:RolePolicy": true,
  "aws:lambda/eventSourceMapping:EventSourceMapping": true,
  "aws:lambda/function:Function": true,
  "aws:lambda/permission:Permission": true,
  "aws:sqs/queue:Queue": true,
};

/** Types that watch or guard others on AWS, and have no use on a laptop. */
const withoutLocalMeaning = [
  "aws:apigateway/account:Account",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:lambda/functionRecursionConfig:FunctionRecursionConfig",
  "aws:sns/topic:Topic",
  "aws:sns/topicSubscription:TopicSubscription",
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
];

/** Returns whether the local stack knows what to do with a type, be it nothing. */
export function isKnown(type: string): boolean {
  return type in known || withoutLocalMeaning.includes(type);
}

/** Returns the resources of one type, with the inputs that Pulumi declares for it. */
export function ofType<T extends ResourceType>(resources: Resource[], type: T): KnownResource<T>[] {
  return resources.filter((resource): resource is KnownResource<T> => resource.type === type);
}
