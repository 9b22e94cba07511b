import { BatchWriteItemCommand } from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import { connectionAttributes, itemsEnd } from "../handlers/store/connection.ts";
import { subscriptionKey } from "../handlers/store/keys.ts";
import type { Table } from "../handlers/aws/table.ts";
import { connectionIds } from "./sender.ts";

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
const batchItems = 25;

/** Writes the subscriptions of `count` connections, which need not exist. */
export async function addSubscribers(table: Table, channel: string, count: number): Promise<void> {
  // Old enough that a 410 means that the connection is gone.
  const connectedAt = Date.now() - 60_000;
  const items = connectionIds(count).map((connectionId) => ({
    ...subscriptionKey(`${channel}#0`, connectionId),
    ...connectionAttributes(
      {
        ...{ connectionId, connectedAt, protocol: "channels.v1" },
        expiresAt: itemsEnd(connectedAt),
      },
      1,
    ),
  }));
  const batches = Array.from({ length: Math.ceil(count / batchItems) }, (_, batch) =>
    items.slice(batch * batchItems, (batch + 1) * batchItems),
  );
  const write = (batch: typeof items) =>
    table.client.send(
      new BatchWriteItemCommand({
        RequestItems: { [table.name]: batch.map((Item) => ({ PutRequest: { Item } })) },
      }),
    );
  await pMap(batches, write, { concurrency: 8 });
}
