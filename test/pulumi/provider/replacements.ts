/**
 * The inputs of each type of resource that cannot be changed in place: the provider replaces the resource.
 * From the provider's documentation, where such an argument "forces a new resource".
 */
export const replacements: Record<string, string[]> = {
  "aws:acm/certificate:Certificate": ["domainName", "validationMethod"],
  "aws:acm/certificateValidation:CertificateValidation": [
    "certificateArn",
    "validationRecordFqdns",
  ],
  "aws:apigatewayv2/api:Api": ["protocolType"],
  "aws:apigatewayv2/apiMapping:ApiMapping": ["apiId", "domainName"],
  "aws:apigatewayv2/authorizer:Authorizer": ["apiId"],
  "aws:apigatewayv2/domainName:DomainName": ["domainName"],
  "aws:apigatewayv2/integration:Integration": ["apiId", "integrationType"],
  "aws:apigatewayv2/route:Route": ["apiId"],
  "aws:apigatewayv2/routeResponse:RouteResponse": ["apiId", "routeId"],
  "aws:apigatewayv2/stage:Stage": ["apiId", "name"],
  "aws:cloudwatch/dashboard:Dashboard": ["dashboardName"],
  "aws:cloudwatch/logGroup:LogGroup": ["name"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["name"],
  "aws:dynamodb/table:Table": ["name", "hashKey", "rangeKey"],
  "aws:iam/role:Role": ["name"],
  "aws:iam/rolePolicy:RolePolicy": ["name", "role"],
  "aws:lambda/eventSourceMapping:EventSourceMapping": ["eventSourceArn"],
  "aws:lambda/function:Function": ["name", "architectures"],
  "aws:lambda/functionRecursionConfig:FunctionRecursionConfig": ["functionName"],
  "aws:lambda/permission:Permission": ["action", "function", "principal", "sourceArn"],
  "aws:route53/record:Record": ["zoneId", "name"],
  "aws:sqs/queue:Queue": ["name", "fifoQueue"],
};
