// The APIs that the program declares, in plain values: see description.ts.

/** A Lambda proxy integration. */
export type IntegrationDescription = {
  functionArn: string;
  timeoutMilliseconds: number;
};

export type StageDescription = {
  name: string;
  /** Requests that the stage takes: `rate` a second, `burst` at once. Undefined leaves it to the account. */
  throttling?: { rate: number; burst: number };
};

export type WebSocketApiDescription = {
  id: string;
  /** `arn:aws:execute-api:<region>:<account>:<api id>`. */
  executionArn: string;
  /** As in `$request.body.action`. */
  routeSelectionExpression: string;
  stage: StageDescription;
  routes: WebSocketRouteDescription[];
};

export type WebSocketRouteDescription = {
  routeKey: string;
  authorization: OpenAuthorization | IamAuthorization | RequestAuthorization;
  integration: IntegrationDescription;
  /** Whether the function's body goes back to the client. */
  twoWay: boolean;
};

export type HttpApiDescription = {
  id: string;
  executionArn: string;
  stage: StageDescription;
  cors?: CorsDescription;
  routes: HttpRouteDescription[];
};

export type HttpRouteDescription = {
  /** As in `POST /channels/{channel}/messages`. */
  routeKey: string;
  authorization: OpenAuthorization | IamAuthorization | JwtAuthorization;
  integration: IntegrationDescription;
};

/** An open route, for everyone. */
export type OpenAuthorization = { type: "none" };

/** `AWS_IAM`: a route for signers whose policy allows `execute-api:Invoke`. */
export type IamAuthorization = { type: "iam" };

/** `JWT`: a route for those who have a token. Only HTTP APIs have it. */
export type JwtAuthorization = {
  type: "jwt";
  /** Name of the header that has the token, in lower case. */
  header: string;
  /** URL below which `.well-known/openid-configuration` is found. */
  issuer: string;
  audiences: string[];
};

/** `CUSTOM`: a route for those whom a function allows. Here only WebSocket APIs have it. */
export type RequestAuthorization = {
  type: "request";
  authorizerId: string;
  functionArn: string;
  /** A client has to send all of them; otherwise it gets 401 and the function is not invoked. */
  identitySources: IdentitySource[];
};

/** A part of a request. The name of a header is in lower case. */
export type IdentitySource = { in: "header" | "querystring"; name: string };

/** The `corsConfiguration` of an HTTP API. Names of headers are in lower case. */
export type CorsDescription = {
  allowOrigins: string[];
  allowMethods: string[];
  allowHeaders: string[];
  exposeHeaders: string[];
  /** Seconds. */
  maxAge?: number;
  allowCredentials: boolean;
};
