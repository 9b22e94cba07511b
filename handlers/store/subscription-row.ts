import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import type { Table } from "../aws/table.ts";
import { ifConditionHolds } from "./condition.ts";
import { subscriptionKey } from "./keys.ts";

/** Deletes the row of a subscription that came by a change below this revision of its connection. */
export async function deleteSubscription(
  table: Table,
  shardKey: string,
  connectionId: string,
  below: number,
): Promise<void> {
  const remove = new DeleteItemCommand({
    TableName: table.name,
    Key: subscriptionKey(shardKey, connectionId),
    ConditionExpression: "revision < :below",
    ExpressionAttributeValues: { ":below": { N: String(below) } },
  });
  await ifConditionHolds(table.client.send(remove));
}
