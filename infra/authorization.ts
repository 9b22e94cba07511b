import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { LambdaFunction } from "./lambda-function.ts";
import { allowInvoke } from "./permission.ts";
import type { Settings } from "./settings/settings.ts";

/** How a route has API Gateway find out who calls: none is open to everyone. */
export type Authorization = Pick<aws.apigatewayv2.RouteArgs, "authorizationType" | "authorizerId">;

// Two requests to the issuer of 1.5 seconds each, and a cold start.
const authorizerSeconds = 10;

/** The function that checks the tokens of handshakes, where the stack asks for tokens. */
export function authorizerFunction(
  name: string,
  { auth, project, logRetentionDays }: Settings,
): LambdaFunction | undefined {
  if (auth.mode !== "jwt") return undefined;
  const { issuer, audience } = auth;
  return new LambdaFunction(name, {
    logRetentionDays,
    environment: {
      POWERTOOLS_SERVICE_NAME: project,
      JWT_ISSUER: issuer,
      JWT_AUDIENCE: audience,
    },
    permissions: [],
    timeout: authorizerSeconds,
  });
}

/** The authorization of every route of an HTTP API; for tokens, API Gateway's own JWT authorizer. */
export function httpAuthorization(
  name: string,
  api: aws.apigatewayv2.Api,
  { auth }: Settings,
  opts: pulumi.CustomResourceOptions,
): Authorization {
  if (auth.mode === "none") return {};
  if (auth.mode === "iam") return { authorizationType: "AWS_IAM" };
  const authorizer = new aws.apigatewayv2.Authorizer(
    name,
    {
      apiId: api.id,
      authorizerType: "JWT",
      identitySources: ["$request.header.Authorization"],
      jwtConfiguration: { issuer: auth.issuer, audiences: [auth.audience] },
    },
    opts,
  );
  return { authorizationType: "JWT", authorizerId: authorizer.id };
}

/**
 * The authorization of a WebSocket API's $connect. API Gateway has no JWT authorizer there: the
 * `authorizer` function checks the token.
 */
export function connectAuthorization(
  name: string,
  api: aws.apigatewayv2.Api,
  { auth, authorizer: fn }: Settings & { authorizer: LambdaFunction | undefined },
  opts: pulumi.CustomResourceOptions,
): Authorization {
  if (auth.mode === "iam") return { authorizationType: "AWS_IAM" };
  if (fn === undefined) return {};
  const authorizer = new aws.apigatewayv2.Authorizer(
    name,
    {
      apiId: api.id,
      authorizerType: "REQUEST",
      // Without identity sources, which would all have to be there: the token comes in one of two.
      authorizerUri: fn.function.invokeArn,
    },
    opts,
  );
  const source = pulumi.interpolate`${api.executionArn}/authorizers/${authorizer.id}`;
  allowInvoke(`${name}-authorizer`, fn.function, source, opts);
  return { authorizationType: "CUSTOM", authorizerId: authorizer.id };
}
