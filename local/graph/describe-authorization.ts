import { StartError } from "../shared/start-error.ts";
import type {
  HttpRouteDescription,
  IdentitySource,
  JwtAuthorization,
  RequestAuthorization,
  WebSocketRouteDescription,
} from "./api-description.ts";
import { ofType, type KnownResource, type Resource } from "./resource.ts";

type Route = KnownResource<"aws:apigatewayv2/route:Route">;
type Authorizer = KnownResource<"aws:apigatewayv2/authorizer:Authorizer">;

/**
 * Describes who may use a route of an HTTP API.
 * Throws a StartError with the URN of what the local stack, or AWS, does not support.
 */
export function describeHttpAuthorization(
  route: Route,
  resources: Resource[],
): HttpRouteDescription["authorization"] {
  if (route.inputs.authorizationScopes !== undefined) {
    throw new StartError(`${route.urn}: the local stack checks no authorizationScopes.`);
  }
  const { authorizationType = "NONE" } = route.inputs;
  switch (authorizationType) {
    case "NONE":
      return { type: "none" };
    case "AWS_IAM":
      return { type: "iam" };
    case "JWT":
      return describeJwt(authorizerOf(route, "JWT", resources));
    default:
      throw new StartError(
        `${route.urn}: the local stack has no authorizationType ${authorizationType} for an HTTP API.`,
      );
  }
}

/** Does the same for a WebSocket API, which authorizes a client at `$connect` and never again. */
export function describeConnectAuthorization(
  route: Route,
  resources: Resource[],
): WebSocketRouteDescription["authorization"] {
  const { authorizationType = "NONE", routeKey } = route.inputs;
  if (authorizationType !== "NONE" && routeKey !== "$connect") {
    throw new StartError(`${route.urn}: only $connect of a WebSocket API can be authorized.`);
  }
  switch (authorizationType) {
    case "NONE":
      return { type: "none" };
    case "AWS_IAM":
      return { type: "iam" };
    case "CUSTOM":
      return describeRequest(authorizerOf(route, "REQUEST", resources), resources);
    default:
      throw new StartError(
        `${route.urn}: a WebSocket API has no authorizationType ${authorizationType}.`,
      );
  }
}

function authorizerOf(
  { urn, inputs }: Route,
  type: "JWT" | "REQUEST",
  resources: Resource[],
): Authorizer {
  const authorizer = ofType(resources, "aws:apigatewayv2/authorizer:Authorizer").find(
    ({ id, inputs: { apiId, authorizerType } }) =>
      id === inputs.authorizerId && apiId === inputs.apiId && authorizerType === type,
  );
  if (authorizer !== undefined) return authorizer;
  throw new StartError(`${urn}: its authorizerId names no ${type} authorizer of its API.`);
}

function describeJwt({ urn, inputs }: Authorizer): JwtAuthorization {
  const [source = "", ...more] = inputs.identitySources ?? [];
  const [, header] = /^\$request\.header\.([\w-]+)$/.exec(source) ?? [];
  if (header === undefined || more.length > 0) {
    throw new StartError(
      `${urn}: its identitySources are not one header, such as $request.header.Authorization.`,
    );
  }
  const { issuer = "", audiences = [] } = inputs.jwtConfiguration ?? {};
  if (!URL.canParse(issuer) || audiences.length === 0) {
    throw new StartError(`${urn}: its jwtConfiguration has no issuer's URL, or no audiences.`);
  }
  return { type: "jwt", header: header.toLowerCase(), issuer, audiences };
}

function describeRequest({ urn, id, inputs }: Authorizer, resources: Resource[]) {
  const fn = ofType(resources, "aws:lambda/function:Function").find(
    ({ state }) => state.invokeArn === inputs.authorizerUri,
  );
  if (fn === undefined) {
    throw new StartError(`${urn}: its authorizerUri is no function of the program.`);
  }
  const authorization: RequestAuthorization = {
    type: "request",
    authorizerId: id,
    functionArn: String(fn.state.arn),
    identitySources: (inputs.identitySources ?? []).map((source) => identitySource(urn, source)),
  };
  return authorization;
}

function identitySource(urn: string, source: string): IdentitySource {
  const [, place, name = ""] = /^route\.request\.(header|querystring)\.(\S+)$/.exec(source) ?? [];
  if (place === "header") return { in: place, name: name.toLowerCase() };
  if (place === "querystring") return { in: place, name };
  throw new StartError(
    `${urn}: the local stack has no identity source ${source}, only route.request.header.<name> ` +
      "and route.request.querystring.<name>.",
  );
}
