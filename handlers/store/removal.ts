import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { log } from "../aws/log.ts";
import { metrics } from "../aws/metrics.ts";
import type { Table } from "../aws/table.ts";
import { batchWrite } from "./batch-write.ts";
import { toStored, type StoredConnection } from "./connection.ts";
import { connectionKey, subscriptionKey, type Key } from "./keys.ts";

// Who is open now is who has opened less who has ended, and no window of time has the sum of all that ever
// happened: who opened before it and ends in it would count as -1. So an end is also counted at the time of
// its opening. Both are then in a window or neither is, and over the last 130 minutes, longer than API
// Gateway lets a connection live, ConnectionsOpened less ConnectionsEnded is exactly who is open. An end that
// nobody is told of, as a `$disconnect` is best effort, leaves the window with its opening: 10 minutes after
// API Gateway has ended the connection. CloudWatch shows what is dated less than 3 hours back in minutes:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/publishingMetrics.html
//
// Several may find that a connection is no more, but DynamoDB gives its item only to the one who deletes it.

/**
 * Removes connections that are no more, and all of their subscriptions, and counts their ends. `keys` are
 * items that are known to be theirs, for the case that a connection's own item no longer names them. Returns
 * those whose item nobody else has removed before.
 */
export async function removeConnections(
  table: Table,
  connectionIds: string[],
  keys: Key[] = [],
): Promise<StoredConnection[]> {
  const deleted = await Promise.all(connectionIds.map((id) => deleteConnection(table, id)));
  const removed = deleted.filter((connection) => connection !== undefined);
  for (const connection of removed) countEnd(table, connection);
  await deleteItems(table, [...removed.flatMap(subscriptionsOf), ...keys]);
  return removed;
}

/** Removes what is there of a connection that has not opened, and so has no end to count. */
export async function removeUnopened(table: Table, connectionId: string): Promise<void> {
  const connection = await deleteConnection(table, connectionId);
  if (connection !== undefined) await deleteItems(table, subscriptionsOf(connection));
}

function countEnd({ clock }: Table, { connectionId, connectedAt }: StoredConnection): void {
  // A line has one time.
  log.info("Closed", { connectionId, ...metrics(clock.now(), { ConnectionsClosed: 1 }) });
  log.info("Ended", { connectionId, ...metrics(connectedAt, { ConnectionsEnded: 1 }) });
}

/** Returns the connection whose item there was; undefined where somebody else has deleted it. */
async function deleteConnection(
  table: Table,
  connectionId: string,
): Promise<StoredConnection | undefined> {
  const { Attributes } = await table.client.send(
    new DeleteItemCommand({
      TableName: table.name,
      Key: connectionKey(connectionId),
      ReturnValues: "ALL_OLD",
    }),
  );
  return Attributes && toStored(connectionId, Attributes);
}

function subscriptionsOf({ connectionId, shardKeys }: StoredConnection): Key[] {
  return shardKeys.map((shardKey) => subscriptionKey(shardKey, connectionId));
}

async function deleteItems(table: Table, keys: Key[]): Promise<void> {
  await batchWrite(
    table,
    distinct(keys).map((Key) => ({ DeleteRequest: { Key } })),
  );
}

/** A batch that names one key twice is refused whole. */
function distinct(keys: Key[]): Key[] {
  return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
}
