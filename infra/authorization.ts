import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { LambdaFunction } from "./lambda-function.ts";
import { allowInvoke } from "./permission.ts";
import { refusal } from "./refusal.ts";
import type { Auth } from "./settings/auth.ts";

/** How API Gateway authorizes the requests to a route; a route without it is open to everyone. */
export type Authorization = Pick<aws.apigatewayv2.RouteArgs, "authorizationType" | "authorizerId">;

/** Returns the authorization of every route of an HTTP API: for tokens, API Gateway's JWT authorizer. */
export function httpAuthorization(
  name: string,
  api: aws.apigatewayv2.Api,
  auth: Auth,
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
 * Returns the authorization of a WebSocket API's $connect. API Gateway has no JWT authorizer there: the
 * `authorizer` function checks the token.
 */
export function connectAuthorization(
  name: string,
  api: aws.apigatewayv2.Api,
  { auth, authorizer: fn }: { auth: Auth; authorizer?: LambdaFunction | undefined },
  opts: pulumi.CustomResourceOptions,
): Authorization {
  if (auth.mode === "none") return {};
  if (auth.mode === "iam") return { authorizationType: "AWS_IAM" };
  if (fn === undefined) {
    throw refusal(
      `WebSocket API "${name}" asks for tokens and has no function that checks them: give it an authorizer.`,
    );
  }
  const authorizer = new aws.apigatewayv2.Authorizer(
    name,
    {
      apiId: api.id,
      authorizerType: "REQUEST",
      // No identity sources: a handshake would need all of them, and its token is in one of two places.
      authorizerUri: fn.function.invokeArn,
    },
    opts,
  );
  const source = pulumi.interpolate`${api.executionArn}/authorizers/${authorizer.id}`;
  allowInvoke(`${name}-authorizer`, fn.function, source, opts);
  return { authorizationType: "CUSTOM", authorizerId: authorizer.id };
}
