import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { startStack } from "../../local/stack.ts";
import type { LocalStack, StackOptions } from "../../local/stack.ts";

export type TestStack = LocalStack & {
  httpUrl: string;
  websocketUrl: string;
  /** Every line that the functions have logged. */
  logs: string[];
  /** `<pk> <sk>` of every item in the channel table, sorted. */
  items(): Promise<string[]>;
};

/** The staging stack on free ports. */
export async function startTestStack(options: Partial<StackOptions> = {}): Promise<TestStack> {
  const logs: string[] = [];
  const stack = await startStack({
    stack: "staging",
    httpPort: 0,
    webSocketPort: 0,
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
      client.destroy();
      await stack.close();
    },
  };
}
