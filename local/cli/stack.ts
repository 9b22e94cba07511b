import { fileURLToPath } from "node:url";
import { embeddedMetrics } from "../cloudwatch/embedded-metrics.ts";
import { metricStore, type MetricStore } from "../cloudwatch/metric-store.ts";
import { dynamoDbService, type DynamoDbOptions } from "../dynamodb/service.ts";
import type { Description, FunctionDescription } from "../graph/description.ts";
import type { ResourceGraph } from "../graph/resource-graph.ts";
import { evaluate, type Evaluate, type Evaluation } from "../graph/evaluate.ts";
import { readStackConfig, withoutDomain } from "../graph/stack-config.ts";
import { apiUser } from "../iam/api-user.ts";
import { identities, type Credentials } from "../iam/identities.ts";
import { audienceIn, startIssuer, withIssuer, type Issuer } from "../iam/issuer.ts";
import { eventSources, type EventSources } from "../lambda/event-sources.ts";
import { platformEnvironment } from "../lambda/platform-environment.ts";
import { lambdaService } from "../lambda/service.ts";
import { systemClock, type Clock } from "../shared/clock.ts";
import type { Faults } from "../shared/faults.ts";
import type { Invoke } from "../shared/invoke.ts";
import { close, hostOf, listen } from "../shared/listen.ts";
import type { Observe } from "../shared/observe.ts";
import { sqsService } from "../sqs/service.ts";
import { gateways } from "./gateways.ts";

export type StackOptions = {
  /** Which `Pulumi.<stack>.yaml` to read. */
  stack: string;
  /** 0 takes a free port. */
  httpPort: number;
  /** 0 takes a free port. */
  webSocketPort: number;
  /** Called for each line that a function logs. */
  onLog: (functionName: string, line: string) => void;
  clock?: Clock;
  /** A look at DynamoDB. */
  dynamoDb?: Pick<DynamoDbOptions, "probe">;
  /** What goes wrong on purpose. */
  faults?: Faults;
  /** A look at invocations, and at what IAM decides. */
  observe?: Observe;
  /** Whether API Gateway's limits hold, of the account and of the stages. Defaults to true. */
  isThrottled?: boolean;
  /** Config values that go before those of the stack's file, by key with or without namespace. */
  config?: Record<string, string>;
  /** Changes what the program declares before anything is started. */
  adjust?: (description: Description) => Description;
  /** How to run the program. Defaults to `evaluate`. */
  evaluate?: Evaluate;
};

export type LocalStack = {
  description: Description;
  outputs: Record<string, unknown>;
  /** The resources that `pulumi up` would build. */
  graph: ResourceGraph;
  invoke: Invoke;
  /** Where the tokens come from, where the APIs want tokens. */
  issuer: Issuer | undefined;
  /** Keys of a user who may use the APIs, where these want signatures. */
  user: Credentials | undefined;
  /** Where the tables are. */
  dynamoDb: ServiceAccess;
  /** What the functions have measured, as CloudWatch would have it. */
  metrics: MetricStore;
  /** Where the queues are, and when all of their work is done. */
  queues: ServiceAccess & Pick<EventSources, "idle">;
  /**
   * Runs the program once more, with its files and its config as they are now; undefined where the
   * config asks for other services than this stack has. Rejects with a StartError.
   */
  evaluateAgain(): Promise<Evaluation | undefined>;
  /** Takes the place of the function with the same ARN, while sockets stay open and rows stay. */
  replaceFunction(fn: FunctionDescription): void;
  /** Closes every client, then every service; resolves when nothing is left. */
  close(): Promise<void>;
};

/** A service, and the keys of the account's owner, to whom nothing is denied. */
export type ServiceAccess = { endpoint: string; region: string; credentials: Credentials };

const accountId = "000000000000";
export const projectFolder = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Starts the program's resources on this machine.
 * Throws a StartError for whatever the user can mend; nothing is left running then.
 */
export async function startStack(options: StackOptions): Promise<LocalStack> {
  const { clock = systemClock, evaluate: run = evaluate } = options;
  const closers: (() => unknown)[] = [];
  const closeAll = async () => {
    // What was started last uses what was started first.
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  const server = async (port: number, option: string) => {
    const listening = await listen(port, option);
    closers.push(() => close(listening));
    return listening;
  };
  const readConfig = async () =>
    withoutDomain(await readStackConfig(projectFolder, options.stack, options.config));

  try {
    const config = await readConfig();
    const webSocketServer = await server(options.webSocketPort, "--websocket-port");
    const httpServer = await server(options.httpPort, "--http-port");
    const audience = audienceIn(config);
    const issuer = audience === undefined ? undefined : await startIssuer(audience, clock);
    closers.push(() => issuer?.close());
    const region = config.values["aws:region"] ?? "";
    const iam = identities({ accountId, clock, onDecided: options.observe?.decided });
    const { authorize } = iam;
    const sqs = await sqsService({ region, authorize, clock });
    closers.push(() => sqs.close());
    const cloud = {
      region,
      accountId,
      sqsOrigin: sqs.endpoint,
      webSocketOrigin: `ws://${hostOf(webSocketServer)}`,
      httpOrigin: `http://${hostOf(httpServer)}`,
    };
    const evaluation = await run(issuer ? withIssuer(config, issuer) : config, cloud);
    const description = options.adjust?.(evaluation.description) ?? evaluation.description;
    for (const queue of description.queues) sqs.createQueue(queue);
    const dynamoDb = await dynamoDbService({
      ...description,
      ...options.dynamoDb,
      fault: options.faults?.dynamodb,
      authorize,
      clock,
    });
    closers.push(() => dynamoDb.close());
    const metrics = metricStore(clock);
    const lambda = lambdaService({
      ...description,
      platformEnvironment: platformEnvironment(iam, { dynamoDb, sqs }),
      clock,
      onLog(functionName, line) {
        for (const data of embeddedMetrics(line)) metrics.put(data);
        options.onLog(functionName, line);
      },
      instanceFault: options.faults?.instance,
      onInvoked: options.observe?.invoked,
    });
    closers.push(() => lambda.close());
    const { invoke } = lambda;
    const sources = eventSources({ description, queues: sqs.queues, run: lambda.run });
    closers.push(() => {
      sources.close();
    });
    const serving = gateways({
      ...{ description, webSocketServer, httpServer, invoke, authorize, clock },
      faults: options.faults,
      isThrottled: options.isThrottled ?? true,
    });
    closers.push(() => serving.close());
    return {
      description,
      outputs: evaluation.outputs,
      graph: evaluation.graph,
      invoke,
      issuer,
      user: apiUser(description, iam),
      metrics,
      dynamoDb: { endpoint: dynamoDb.endpoint, region, credentials: iam.root },
      queues: { endpoint: sqs.endpoint, region, credentials: iam.root, idle: () => sources.idle() },
      async evaluateAgain() {
        const now = await readConfig();
        if (audienceIn(now) !== audience || now.values["aws:region"] !== region) return undefined;
        return run(issuer ? withIssuer(now, issuer) : now, cloud);
      },
      replaceFunction: lambda.replace,
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
