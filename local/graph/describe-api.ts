import { StartError } from "../shared/start-error.ts";
import type {
  HttpApiDescription,
  IntegrationDescription,
  StageDescription,
  WebSocketApiDescription,
} from "./api-description.ts";
import {
  describeConnectAuthorization,
  describeHttpAuthorization,
} from "./describe-authorization.ts";
import { ofType, type KnownResource, type Resource } from "./resource.ts";

type Api = KnownResource<"aws:apigatewayv2/api:Api">;
type Route = KnownResource<"aws:apigatewayv2/route:Route">;

// The longest that API Gateway waits, which is the default too:
// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations.html
const integrationTimeouts = { WEBSOCKET: 29_000, HTTP: 30_000 };

export function describeWebSocketApi(api: Api, resources: Resource[]): WebSocketApiDescription {
  const responses = ofType(resources, "aws:apigatewayv2/routeResponse:RouteResponse");
  return {
    ...describeApi(api, resources),
    routeSelectionExpression: api.inputs.routeSelectionExpression ?? "",
    routes: routesOf(api, resources).map((route) => ({
      routeKey: route.inputs.routeKey,
      authorization: describeConnectAuthorization(route, resources),
      integration: describeIntegration(route, resources, integrationTimeouts.WEBSOCKET),
      // A two-way route needs both, the expression on the route and the route response:
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-response.html
      twoWay:
        route.inputs.routeResponseSelectionExpression === "$default" &&
        responses.some(
          ({ inputs }) => inputs.routeId === route.id && inputs.routeResponseKey === "$default",
        ),
    })),
  };
}

export function describeHttpApi(api: Api, resources: Resource[]): HttpApiDescription {
  const cors = api.inputs.corsConfiguration;
  return {
    ...describeApi(api, resources),
    ...(cors && {
      cors: {
        allowOrigins: cors.allowOrigins ?? [],
        allowMethods: cors.allowMethods ?? [],
        allowHeaders: cors.allowHeaders ?? [],
        exposeHeaders: cors.exposeHeaders ?? [],
        ...(cors.maxAge !== undefined && { maxAge: cors.maxAge }),
        allowCredentials: cors.allowCredentials ?? false,
      },
    }),
    routes: routesOf(api, resources).map((route) => ({
      routeKey: route.inputs.routeKey,
      authorization: describeHttpAuthorization(route, resources),
      integration: describeIntegration(route, resources, integrationTimeouts.HTTP),
    })),
  };
}

function describeApi(api: Api, resources: Resource[]) {
  return {
    id: api.id,
    executionArn: String(api.state.executionArn),
    stage: describeStage(api, resources),
  };
}

function describeStage(api: Api, resources: Resource[]): StageDescription {
  const stage = ofType(resources, "aws:apigatewayv2/stage:Stage").find(
    ({ inputs }) => inputs.apiId === api.id,
  );
  if (stage?.inputs.name === undefined) throw new StartError(`${api.urn}: it has no named stage.`);
  const { throttlingRateLimit: rate, throttlingBurstLimit: burst } =
    stage.inputs.defaultRouteSettings ?? {};
  return {
    name: stage.inputs.name,
    ...(rate !== undefined && burst !== undefined && { throttling: { rate, burst } }),
  };
}

function routesOf(api: Api, resources: Resource[]): Route[] {
  return ofType(resources, "aws:apigatewayv2/route:Route").filter(
    ({ inputs }) => inputs.apiId === api.id,
  );
}

function describeIntegration(
  { urn, inputs: { target } }: Route,
  resources: Resource[],
  defaultTimeout: number,
): IntegrationDescription {
  const integration = ofType(resources, "aws:apigatewayv2/integration:Integration").find(
    ({ id }) => target === `integrations/${id}`,
  );
  const fn = ofType(resources, "aws:lambda/function:Function").find(
    ({ state }) => state.invokeArn === integration?.inputs.integrationUri,
  );
  if (integration?.inputs.integrationType !== "AWS_PROXY" || fn === undefined) {
    throw new StartError(`${urn}: its target is no AWS_PROXY integration with a function.`);
  }
  return {
    functionArn: String(fn.state.arn),
    timeoutMilliseconds: integration.inputs.timeoutMilliseconds ?? defaultTimeout,
  };
}
