import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { close, hostOf } from "../../local/shared/listen.ts";
import { startTestStack, type TestStack } from "./test-stack.ts";
import { invokeWebSocket } from "./invoke.ts";

/** The context that the authorizer has returned for a connection. */
export type Claims = Record<string, string>;

/** Epoch seconds: later than any test runs, and before a connection has to end anyway. */
export const later = String(Math.floor(Date.now() / 1000) + 3_600);

export type TokenStack = TestStack & {
  /** The requests that @connections has got. */
  asked: string[];
  /** Whether @connections answers that there is no such connection. */
  isGone: boolean;
  connect(connectionId: string, claims: Claims, channels: string[]): Promise<number>;
  /** Returns the reply. */
  send(
    connectionId: string,
    claims: Claims,
    frame: { action: string; [key: string]: string },
  ): Promise<string>;
  /** Returns `<pk> <sk>` of each item of a connection, and when it ends. */
  itemsOf(connectionId: string): Promise<[string, string][]>;
};

/** Starts the functions of a stack with `auth: jwt`, without a gateway: the test makes their events. */
export async function startTokenStack(): Promise<TokenStack> {
  const connections = createServer((request, response) => {
    void text(request).then((body) => {
      const path = decodeURIComponent(request.url ?? "");
      stack.asked.push(`${request.method ?? ""} ${path} ${body}`);
      if (stack.isGone) response.writeHead(410, { "x-amzn-ErrorType": "GoneException" });
      else response.writeHead(request.method === "DELETE" ? 204 : 200);
      response.end();
    });
  }).listen(0, "127.0.0.1");
  await once(connections, "listening");
  const environment = {
    AUTH: "jwt",
    CONNECTIONS_ENDPOINT: `http://${hostOf(connections)}/staging`,
  };
  const started = await startTestStack({
    adjust: (description) => ({
      ...description,
      functions: description.functions.map((fn) => ({
        ...fn,
        environment: { ...fn.environment, ...environment },
      })),
    }),
  });
  const client = new DynamoDBClient(started.dynamoDb);

  const stack: TokenStack = {
    ...started,
    asked: [],
    isGone: false,
    async connect(connectionId, authorizer, channel) {
      const parts = { authorizer, multiValueQueryStringParameters: { channel } };
      return (await invokeWebSocket(started, "$connect", connectionId, parts)).status;
    },
    async send(connectionId, authorizer, frame) {
      const parts = { authorizer, body: JSON.stringify(frame) };
      return (await invokeWebSocket(started, frame.action, connectionId, parts)).body;
    },
    async itemsOf(connectionId) {
      const TableName = String(started.outputs.tableName);
      const { Items = [] } = await client.send(
        new ScanCommand({ TableName, ConsistentRead: true }),
      );
      return Items.map(({ pk, sk, expiresAt }): [string, string] => [
        `${pk?.S ?? ""} ${sk?.S ?? ""}`,
        expiresAt?.N ?? "",
      ])
        .filter(([key]) => key.includes(connectionId))
        .sort();
    },
    async close() {
      client.destroy();
      await started.close();
      await close(connections);
    },
  };
  return stack;
}
