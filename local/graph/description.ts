/**
 * What the program declares, in plain values: all that the local services know of it.
 * ARNs are AWS's own form, with the local account.
 */
export type Description = {
  project: string;
  stack: string;
  region: string;
  accountId: string;
  tables: TableDescription[];
  queues: QueueDescription[];
  functions: FunctionDescription[];
  permissions: InvokePermission[];
  eventSourceMappings: EventSourceMappingDescription[];
  webSocketApis: WebSocketApiDescription[];
  httpApis: HttpApiDescription[];
};

export type KeyAttribute = { name: string; type: "S" | "N" | "B" };

export type TableDescription = {
  name: string;
  arn: string;
  partitionKey: KeyAttribute;
  sortKey?: KeyAttribute;
  indexes: IndexDescription[];
  /** Name of the attribute that holds the epoch second after which an item is deleted. */
  timeToLiveAttribute?: string;
};

export type IndexDescription = {
  name: string;
  partitionKey: KeyAttribute;
  sortKey?: KeyAttribute;
  projection: "ALL" | "KEYS_ONLY";
};

/** A standard queue of SQS. */
export type QueueDescription = {
  name: string;
  arn: string;
  /** Where it is reached, which is its id too: `<origin of SQS>/<account>/<name>`. */
  url: string;
  visibilityTimeoutSeconds: number;
  messageRetentionSeconds: number;
  /** Seconds before a message that says nothing else becomes visible. */
  delaySeconds: number;
  maxMessageBytes: number;
  /** A message that was received so often goes to the dead-letter queue instead. */
  redrive?: { deadLetterQueueArn: string; maxReceiveCount: number };
};

export type FunctionDescription = {
  name: string;
  arn: string;
  /** `<module>.<export>`, as in `index.handler`. */
  handler: string;
  /** Folder with the files of the archive that would be uploaded. */
  codeFolder: string;
  environment: Record<string, string>;
  timeoutSeconds: number;
  memoryMegabytes: number;
  role: RoleDescription;
};

export type RoleDescription = {
  name: string;
  arn: string;
  statements: PolicyStatement[];
};

export type PolicyStatement = {
  effect: "Allow" | "Deny";
  actions: string[];
  resources: string[];
};

/** An aws.lambda.Permission: who may invoke a function, for which source. */
export type InvokePermission = {
  functionArn: string;
  /** A service, such as `apigateway.amazonaws.com`. */
  principal: string;
  /** ARN pattern of the caller; `*` stands for any run of characters. */
  sourceArn: string;
};

/** What makes Lambda receive a queue's messages, and invoke a function with them. */
export type EventSourceMappingDescription = {
  queueArn: string;
  functionArn: string;
  /** Messages that the function gets at most in one event. */
  batchSize: number;
  /** Events that the function handles at the same time, at most. */
  maxConcurrency?: number;
  /** Whether the function may say which messages of its batch have failed. */
  reportBatchItemFailures: boolean;
};

/** A Lambda proxy integration. */
export type IntegrationDescription = {
  functionArn: string;
  timeoutMilliseconds: number;
};

export type StageDescription = {
  name: string;
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

/** A route for everyone. */
export type OpenAuthorization = { type: "none" };

/** A route for those who sign, and whose policy allows `execute-api:Invoke`. */
export type IamAuthorization = { type: "iam" };

/** A route for those who have a token: `JWT`, which only HTTP APIs have. */
export type JwtAuthorization = {
  type: "jwt";
  /** Lower-case name of the header that has the token. */
  header: string;
  /** URL, under which its `.well-known/openid-configuration` is. */
  issuer: string;
  audiences: string[];
};

/** A route for those whom a function lets in: `CUSTOM`, here only for WebSocket APIs. */
export type RequestAuthorization = {
  type: "request";
  authorizerId: string;
  functionArn: string;
  /** A client has to send all of them, or the function is not even asked. */
  identitySources: IdentitySource[];
};

/** A part of a request; the name of a header is lower-case. */
export type IdentitySource = { in: "header" | "querystring"; name: string };

/** As in the `corsConfiguration` of an HTTP API; names of headers are lower-case. */
export type CorsDescription = {
  allowOrigins: string[];
  allowMethods: string[];
  allowHeaders: string[];
  exposeHeaders: string[];
  /** Seconds. */
  maxAge?: number;
  allowCredentials: boolean;
};
