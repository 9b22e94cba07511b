import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { crc32 } from "node:zlib";
import type { Authorize } from "../access.ts";
import type { Clock } from "../clock.ts";
import type { TableDescription } from "../graph/description.ts";
import { close, hostOf } from "../listen.ts";
import { engine } from "./engine.ts";
import type { Answer } from "./engine.ts";
import { faultAnswer, refusalAnswer } from "./errors.ts";
import type { DynamoDbFault } from "./errors.ts";
import { probed } from "./probe.ts";
import type { Probe } from "./probe.ts";
import { resourcesOf } from "./resources.ts";
import { createTable } from "./tables.ts";
import { timeToLive } from "./time-to-live.ts";
import { answerTimeToLive } from "./time-to-live-answer.ts";

export type DynamoDbOptions = {
  tables: TableDescription[];
  region: string;
  accountId: string;
  authorize: Authorize;
  clock: Clock;
  /** Asked before each request that is allowed; what it returns is answered instead. */
  fault?:
    ((request: { operation: string; body: unknown }) => DynamoDbFault | undefined) | undefined;
  probe?: Probe | undefined;
};

export type DynamoDbService = {
  /** `http://127.0.0.1:<port>`. */
  endpoint: string;
  /** Resolves when the sweep of expired items that the clock has begun is done. */
  swept(): Promise<void>;
  close(): Promise<void>;
};

/** Serves DynamoDB's protocol on a free port of 127.0.0.1. The tables exist when the promise resolves. */
export async function dynamoDbService(options: DynamoDbOptions): Promise<DynamoDbService> {
  const { authorize, clock, fault, probe } = options;
  const tablePrefix = `arn:aws:dynamodb:${options.region}:${options.accountId}:table/`;
  const tables = engine();
  for (const table of options.tables) await createTable(tables.client, table);

  const perform = probe === undefined ? tables.perform : probed(tables.perform, probe);
  const expiry = timeToLive(tables.client, clock);
  for (const { name, timeToLiveAttribute: attribute } of options.tables)
    if (attribute !== undefined) expiry.attributes.set(name, attribute);

  function answer(request: IncomingMessage, body: Buffer): Answer | Promise<Answer> {
    const { method = "", url = "", headers } = request;
    const target = String(headers["x-amz-target"] ?? "");
    const operation = target.replace(/^.*\./, "");
    const input = parse(body);

    const action = `dynamodb:${operation}`;
    for (const resource of resourcesOf(input, tablePrefix)) {
      const signed = { method, url, headers, body };
      const decision = authorize(signed, { service: "dynamodb", action, resource });
      if (!decision.allowed) return refusalAnswer(decision.refusal);
    }
    const failure = fault?.({ operation, body: input });
    if (failure !== undefined) return faultAnswer(failure);
    if (operation === "DescribeTimeToLive" || operation === "UpdateTimeToLive")
      return answerTimeToLive(tables, expiry.attributes, operation, input);
    return perform(target, body);
  }

  function send(response: ServerResponse, { status, body }: Answer): void {
    response.writeHead(status, {
      "content-type": "application/x-amz-json-1.0",
      "content-length": Buffer.byteLength(body),
      // The SDK sets its own clock by it when a signature is refused as expired.
      date: new Date(clock.now()).toUTCString(),
      "x-amz-crc32": crc32(body),
      "x-amzn-requestid": randomUUID(),
    });
    response.end(body);
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request).catch(() => undefined);
    // Without a body the client has gone before its request was whole.
    if (body !== undefined) send(response, await answer(request, body));
  }

  // A connection that is never closed for being idle is never closed under a request on its way.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    void serve(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    endpoint: `http://${hostOf(server)}`,
    swept: () => expiry.swept(),
    async close() {
      await close(server);
      await expiry.close();
    },
  };
}

/** Undefined where the body is not JSON, which dynalite then says. */
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
