import { BatchWriteItemCommand } from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import { connectionAttributes, itemsEnd } from "../handlers/store/connection.ts";
import { growChannel, openChannel } from "../handlers/store/channel.ts";
import { inGroups } from "../handlers/store/groups.ts";
import { shardKeyOf, type Sharded } from "../handlers/store/shard.ts";
import { subscriptionKey } from "../handlers/store/keys.ts";
import type { Table } from "../handlers/aws/table.ts";
import { connectionIds } from "./sender.ts";

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
const batchItems = 25;

/**
 * Writes the subscriptions of `count` connections, which need not exist, and the channel as it is with so
 * many shards. `onWritten` is called now and then with how many are there.
 */
export async function addSubscribers(
  table: Table,
  channel: Sharded,
  count: number,
  onWritten?: (subscribers: number) => void,
): Promise<void> {
  await openChannel(table, channel.name);
  for (let shards = 1; shards < channel.shards; shards *= 2) {
    await growChannel(table, { name: channel.name, shards });
  }
  // Old enough that a 410 means that the connection is gone.
  const connectedAt = Date.now() - 60_000;
  const items = connectionIds(count).map((connectionId) => ({
    ...subscriptionKey(shardKeyOf(channel, connectionId), connectionId),
    ...connectionAttributes(
      {
        ...{ connectionId, connectedAt, protocol: "channels.v1" },
        expiresAt: itemsEnd(connectedAt),
      },
      1,
    ),
  }));
  const write = async (batch: typeof items, index: number) => {
    if (index % 4_000 === 0) onWritten?.(index * batchItems);
    await table.client.send(
      new BatchWriteItemCommand({
        RequestItems: { [table.name]: batch.map((Item) => ({ PutRequest: { Item } })) },
      }),
    );
  };
  await pMap(inGroups(items, batchItems), write, { concurrency: 8 });
}
