import type { IncomingMessage } from "node:http";
import { crc32 } from "node:zlib";
import { signedRequest, type Authorize } from "../shared/access.ts";
import { parseJson, startJsonServer, type JsonAnswer } from "../shared/aws-json-server.ts";
import type { Clock } from "../shared/clock.ts";
import type { Faults } from "../shared/faults.ts";
import type { TableDescription } from "../graph/description.ts";
import { engine } from "./engine.ts";
import { dynamoDbFaultAnswer, dynamoDbRefusal } from "./errors.ts";
import { probed, type Probe } from "./probe.ts";
import { resourcesOf } from "./resources.ts";
import { createTable } from "./tables.ts";
import { timeToLive } from "./time-to-live.ts";
import { answerTimeToLive } from "./time-to-live-answer.ts";

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
const maxRequestBytes = 16 * 1024 * 1024;

export type DynamoDbOptions = {
  tables: TableDescription[];
  region: string;
  accountId: string;
  authorize: Authorize;
  clock: Clock;
  /** Returns the fault that a request is answered with; asked after it has been allowed. */
  fault?: Faults["dynamodb"];
  probe?: Probe | undefined;
};

export type DynamoDbService = {
  /** `http://127.0.0.1:<port>`. */
  endpoint: string;
  /** Resolves when the sweep of expired items that is under way is done. */
  swept(): Promise<void>;
  close(): Promise<void>;
};

/** Serves DynamoDB's protocol on a free port of 127.0.0.1. Resolves when the tables exist. */
export async function dynamoDbService(options: DynamoDbOptions): Promise<DynamoDbService> {
  const { authorize, clock, fault, probe } = options;
  const tablePrefix = `arn:aws:dynamodb:${options.region}:${options.accountId}:table/`;
  const tables = engine();
  for (const table of options.tables) await createTable(tables.client, table);

  const perform = probe === undefined ? tables.perform : probed(tables.perform, probe);
  const expiry = timeToLive(tables.client, clock);
  for (const { name, timeToLiveAttribute: attribute } of options.tables) {
    if (attribute !== undefined) expiry.attributes.set(name, attribute);
  }

  function answer(request: IncomingMessage, body: Buffer): JsonAnswer | Promise<JsonAnswer> {
    const target = String(request.headers["x-amz-target"] ?? "");
    const operation = target.replace(/^.*\./, "");
    const input = parseJson(body);

    const action = `dynamodb:${operation}`;
    for (const resource of resourcesOf(input, tablePrefix)) {
      const signed = signedRequest(request, body);
      const decision = authorize(signed, { service: "dynamodb", action, resource });
      if (!decision.allowed) return dynamoDbRefusal(decision.refusal);
    }
    const failure = fault?.({ operation, body: input });
    if (failure !== undefined) return dynamoDbFaultAnswer(failure);
    if (operation === "DescribeTimeToLive" || operation === "UpdateTimeToLive") {
      return answerTimeToLive(tables, expiry.attributes, operation, input);
    }
    return perform(target, body);
  }

  const server = await startJsonServer({
    ...{ clock, maxRequestBytes },
    answer: async (request, sent) => {
      const { status, body } = await answer(request, sent);
      return { status, body, headers: { "x-amz-crc32": crc32(body) } };
    },
  });

  return {
    endpoint: server.endpoint,
    swept: () => expiry.swept(),
    async close() {
      await server.close();
      await expiry.close();
    },
  };
}
