import { paginateQuery, type AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Table } from "../aws/table.ts";
import { growChannel, type Channel } from "./channel.ts";
import { toConnection, type Connection } from "./connection.ts";
import { liveItems, subscriptionKey } from "./keys.ts";
import { shardKeysOf } from "./shard.ts";

/** A connection that is subscribed to a channel. */
export type Subscriber = Connection & {
  /** Where its subscription is: `<channel>#<shard>`. */
  shardKey: string;
};

/**
 * Reads everyone who is subscribed at this moment, in the shards that the channel had when the message
 * took its number. A row in a shard that came later is one of a subscriber who saw the channel after
 * it had grown, and so after that number: whose `last` is not below it, and who has no claim to it.
 * The reads are strongly consistent: whose handshake
 * or `subscribed` has been answered is among them.
 * A channel with a shard that no longer fits in one page of a Query (1 MB) is spread over twice as
 * many. It never shrinks, so that who subscribed before is found all the same.
 */
export async function* subscribersOf(table: Table, channel: Channel): AsyncGenerator<Subscriber> {
  let overflows = false;
  for (const shardKey of shardKeysOf(channel)) {
    const query = liveItems(table, subscriptionKey(shardKey, "").pk);
    const pages = paginateQuery({ client: table.client }, query);
    for await (const { Items = [], LastEvaluatedKey } of pages) {
      overflows ||= LastEvaluatedKey !== undefined;
      for (const item of Items) yield toSubscriber(shardKey, item);
    }
  }
  if (overflows) await growChannel(table, channel);
}

export function toSubscriber(shardKey: string, item: Record<string, AttributeValue>): Subscriber {
  return { ...toConnection(item.sk?.S ?? "", item), shardKey };
}
