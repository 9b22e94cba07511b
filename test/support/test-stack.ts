import assert from "node:assert/strict";
import { DynamoDBClient, ScanCommand, paginateScan } from "@aws-sdk/client-dynamodb";
import { startStack, type LocalStack, type StackOptions } from "../../local/cli/stack.ts";

export type TestStack = LocalStack & {
  httpUrl: string;
  websocketUrl: string;
  /** Every line that the functions have logged. */
  logs: string[];
  /** Returns `<pk> <sk>` of every item in the channel table, sorted. */
  items(): Promise<string[]>;
};

/** Starts the staging stack on free ports; it throttles only where asked, so that no test depends on its speed. */
export async function startTestStack(options: Partial<StackOptions> = {}): Promise<TestStack> {
  const logs: string[] = [];
  const stack = await startStack({
    stack: "staging",
    httpPort: 0,
    webSocketPort: 0,
    isThrottled: false,
    onLog: (name, line) => {
      logs.push(`${name} ${line}`);
    },
    ...options,
  });
  const { endpoint, region, credentials } = stack.dynamoDb;
  const client = new DynamoDBClient({ endpoint, region, credentials });
  return {
    ...stack,
    httpUrl: String(stack.outputs.httpUrl),
    websocketUrl: String(stack.outputs.websocketUrl),
    logs,
    async items() {
      const { Items = [] } = await client.send(
        new ScanCommand({ TableName: String(stack.outputs.tableName), ConsistentRead: true }),
      );
      return Items.map(({ pk, sk }) => `${pk?.S ?? ""} ${sk?.S ?? ""}`).sort();
    },
    async close() {
      let texts: string[];
      try {
        texts = await keptTexts(client, String(stack.outputs.tableName));
      } finally {
        client.destroy();
        await stack.close();
      }
      assertNoSecrets(logs, texts);
    },
  };
}

/** Returns the texts of all messages that the table keeps. */
async function keptTexts(client: DynamoDBClient, TableName: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName })) {
    for (const { text } of Items) if (text?.S !== undefined) texts.push(text.S);
  }
  return texts;
}

// A token; a signature in a header; a signature in a query.
const secret = /eyJ[\w-]+\.[\w-]+|AWS4-HMAC-SHA256|X-Amz-(Signature|Credential|Security-Token)/i;

// Texts that are logged for another reason: a channel's name, as JSON too, or a word of the functions' own.
const harmless = /^"?[\w.:-]*"?$|^.{0,11}$/s;

/** Asserts that no line has a token, a signature or a message. */
function assertNoSecrets(logs: string[], texts: string[]): void {
  const long = new Set(texts.filter((text) => !harmless.test(text)));
  for (const line of logs) {
    assert.doesNotMatch(line, secret);
    for (const text of long) assert.ok(!line.includes(text), `A log line has a message: ${line}`);
  }
}
