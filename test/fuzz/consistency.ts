import assert from "node:assert/strict";
import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import type { LocalStack } from "../../local/cli/stack.ts";

/**
 * Asserts that every subscription's connection names it and vice versa, and that every item
 * has `expiresAt`.
 */
export async function assertConsistent({ dynamoDb, outputs }: LocalStack): Promise<void> {
  const client = new DynamoDBClient(dynamoDb);
  const TableName = String(outputs.tableName);
  const named = new Set<string>();
  const subscribed = new Set<string>();
  for await (const { Items = [] } of paginateScan({ client }, { TableName })) {
    for (const { pk, sk, channels, expiresAt } of Items) {
      const [kind = "", ...rest] = pk?.S?.split("#") ?? [];
      assert.ok(Number(expiresAt?.N) > 0, `${pk?.S ?? ""} has no end`);
      if (kind === "connection") {
        for (const slot of channels?.SS ?? []) named.add(`${slot} ${rest.join("#")}`);
      } else if (kind === "channel" && sk?.S !== "channel") {
        subscribed.add(`${rest.join("#")} ${sk?.S ?? ""}`);
      }
    }
  }
  client.destroy();
  assert.deepEqual([...subscribed].sort(), [...named].sort());
}
