import type { HttpApiDescription, WebSocketApiDescription } from "./api-description.ts";

/**
 * What the program declares, in plain values. The local services know nothing else of it.
 * ARNs have AWS's form, with the local account.
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
  dashboards: DashboardDescription[];
};

export type DashboardDescription = { name: string; widgets: WidgetDescription[] };

/** A widget of a dashboard that shows metrics. */
export type WidgetDescription = {
  title: string;
  view: "timeSeries" | "singleValue";
  /** Minutes up to now that it shows; undefined leaves them to who looks at the dashboard. */
  minutes?: number;
  /** Whether its one value is that of the whole time, and not that of the last period. */
  isOfWholeTime: boolean;
  lines: LineDescription[];
};

/** A metric, or an expression over those that have an id. */
export type LineDescription = { id?: string; label?: string; isVisible: boolean } & (
  | { expression: string }
  | { namespace: string; name: string; dimensions: Record<string, string>; stat: string }
);

export type KeyAttribute = { name: string; type: "S" | "N" | "B" };

export type TableDescription = {
  name: string;
  arn: string;
  partitionKey: KeyAttribute;
  sortKey?: KeyAttribute;
  indexes: IndexDescription[];
  /** Name of the attribute that has the epoch second after which an item is deleted. */
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
  /** Its URL, which is its id too: `<origin of SQS>/<account>/<name>`. */
  url: string;
  visibilityTimeoutSeconds: number;
  messageRetentionSeconds: number;
  /** Seconds before a message becomes visible, unless it has a delay of its own. */
  delaySeconds: number;
  maxMessageBytes: number;
  /** A message that has been received `maxReceiveCount` times goes to the dead-letter queue. */
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
  /** Whether X-Ray traces it. */
  isTraced: boolean;
  /** Instances that it has at most, where the program says so. */
  maxInstances?: number;
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

/** Makes Lambda receive a queue's messages and invoke a function with them. */
export type EventSourceMappingDescription = {
  queueArn: string;
  functionArn: string;
  /** Messages that the function gets in one event, at most. */
  batchSize: number;
  /** Events that the function handles at the same time, at most. */
  maxConcurrency?: number;
  /** Whether the function may say which messages of its batch have failed. */
  reportBatchItemFailures: boolean;
};
