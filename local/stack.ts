import { fileURLToPath } from "node:url";
import { systemClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { dynamoDbService } from "./dynamodb/service.ts";
import type { DynamoDbOptions } from "./dynamodb/service.ts";
import { describe } from "./graph/describe.ts";
import type { Description } from "./graph/description.ts";
import { runProgram } from "./graph/program.ts";
import { readStackConfig } from "./graph/stack-config.ts";
import { httpGateway } from "./http/gateway.ts";
import { identities } from "./iam/identities.ts";
import type { Invoke } from "./invoke.ts";
import { lambdaService } from "./lambda/service.ts";
import { close, hostOf, listen } from "./listen.ts";
import { webSocketGateway } from "./websocket/gateway.ts";

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
  /** Faults of DynamoDB, and a look at it. */
  dynamoDb?: Pick<DynamoDbOptions, "fault" | "probe">;
  /** Config values that go before those of the stack's file, by key with namespace. */
  config?: Record<string, string>;
  /** Changes what the program declares before anything is started. */
  adjust?: (description: Description) => Description;
};

export type LocalStack = {
  description: Description;
  outputs: Record<string, unknown>;
  invoke: Invoke;
  /** Where the tables are, and the keys of the account's owner. */
  dynamoDb: { endpoint: string; region: string; credentials: Credentials };
  /** Closes every client, then every service; resolves when nothing is left. */
  close(): Promise<void>;
};

type Credentials = { accessKeyId: string; secretAccessKey: string };

const accountId = "000000000000";
const projectFolder = fileURLToPath(new URL("..", import.meta.url));

/**
 * Starts the program's resources on this machine.
 * Throws a StartError for whatever the user can mend; nothing is left running then.
 */
export async function startStack(options: StackOptions): Promise<LocalStack> {
  const { clock = systemClock, adjust = (description) => description } = options;
  const closers: (() => Promise<void>)[] = [];
  const closeAll = async () => {
    // What was started last uses what was started first.
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  const server = async (port: number, option: string) => {
    const listening = await listen(port, option);
    closers.push(() => close(listening));
    return listening;
  };

  try {
    const config = await readStackConfig(projectFolder, options.stack);
    Object.assign(config.values, options.config);
    const webSocketServer = await server(options.webSocketPort, "--websocket-port");
    const httpServer = await server(options.httpPort, "--http-port");
    const region = config.values["aws:region"] ?? "";
    const cloud = {
      region,
      accountId,
      webSocketOrigin: `ws://${hostOf(webSocketServer)}`,
      httpOrigin: `http://${hostOf(httpServer)}`,
    };
    const program = await runProgram(config, cloud);
    const description = adjust(await describe(config, cloud, program.resources));

    const iam = identities({ accountId, clock });
    const { authorize } = iam;
    const dynamoDb = await dynamoDbService({
      ...description,
      ...options.dynamoDb,
      authorize,
      clock,
    });
    closers.push(() => dynamoDb.close());
    const lambda = await lambdaService({
      ...description,
      platformEnvironment: (fn) => ({
        ...asEnvironment(iam.assumeRole(fn.role, fn.name)),
        AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint,
        // On AWS it is always Node 24; here it may be 20, of which the SDK warns in every instance.
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      }),
      clock,
      onLog: options.onLog,
    });
    closers.push(() => lambda.close());
    const { invoke } = lambda;
    for (const api of description.webSocketApis) {
      const gateway = webSocketGateway({ server: webSocketServer, api, invoke, authorize, clock });
      closers.push(() => gateway.close());
    }
    for (const api of description.httpApis) {
      const gateway = httpGateway({ server: httpServer, api, accountId, invoke, clock });
      closers.push(() => gateway.close());
    }
    return {
      description,
      outputs: program.outputs,
      invoke,
      dynamoDb: { endpoint: dynamoDb.endpoint, region, credentials: iam.root },
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** As Lambda hands a role's credentials to a function. */
function asEnvironment(credentials: Credentials & { sessionToken: string }) {
  return {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  };
}
