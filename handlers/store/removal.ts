import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import type { Table } from "../aws/table.ts";
import { batchWrite } from "./batch-write.ts";
import { connectionKey, subscriptionKey, type Key } from "./keys.ts";

/**
 * Removes connections that are no more, and all of their subscriptions. `keys` are items that are
 * known to be theirs, for the case that a connection's own item no longer names them.
 */
export async function removeConnections(
  table: Table,
  connectionIds: string[],
  keys: Key[] = [],
): Promise<void> {
  const shardKeys = await Promise.all(connectionIds.map((id) => deleteConnection(table, id)));
  const found = connectionIds.flatMap((id, index) =>
    (shardKeys[index] ?? []).map((shardKey) => subscriptionKey(shardKey, id)),
  );
  await batchWrite(
    table,
    distinct([...found, ...keys]).map((Key) => ({ DeleteRequest: { Key } })),
  );
}

async function deleteConnection(table: Table, connectionId: string): Promise<string[]> {
  const { Attributes } = await table.client.send(
    new DeleteItemCommand({
      TableName: table.name,
      Key: connectionKey(connectionId),
      ReturnValues: "ALL_OLD",
    }),
  );
  return Attributes?.channels?.SS ?? [];
}

/** A batch that names one key twice is refused whole. */
function distinct(keys: Key[]): Key[] {
  return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
}
