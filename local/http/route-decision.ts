import type { HttpResponse } from "./response.ts";

/** Whether a request may use its route. */
export type RouteDecision =
  /** `authorizer` is what the event tells of the caller, which is nothing on an open route. */
  { allowed: true; authorizer?: EventAuthorizer } | { allowed: false; refusal: HttpResponse };

/**
 * `requestContext.authorizer`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export type EventAuthorizer =
  | {
      iam: {
        accessKey: string;
        accountId: string;
        callerId: string;
        cognitoIdentity: null;
        principalOrgId: null;
        userArn: string;
        userId: string;
      };
    }
  /** `scopes` is null on a route without authorizationScopes. */
  | { jwt: { claims: Record<string, string>; scopes: null } };
