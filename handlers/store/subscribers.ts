import { paginateQuery } from "@aws-sdk/client-dynamodb";
import { growChannel } from "./channel.ts";
import type { Channel } from "./channel.ts";
import { slotsOf } from "./shard.ts";
import { liveItems, subscriptionKey } from "../aws/table.ts";
import type { Table } from "../aws/table.ts";

export type Recipient = {
  connectionId: string;
  kind: "plain" | "json";
  /** Milliseconds since the epoch. */
  connectedAt: number;
  /** When its subscription ends, in epoch seconds. */
  expiresAt: number;
  /** Where its subscription is: `<channel>#<shard>`. */
  slot: string;
};

/**
 * Everyone who is subscribed at this moment. The reads are strongly consistent: whose handshake or
 * `subscribed` has been answered is among them.
 * A channel with a shard that no longer fits in one page of a Query (1 MB) is spread over twice as
 * many. It never shrinks, so that who subscribed before is found all the same.
 */
export async function* recipientsOf(table: Table, channel: Channel): AsyncGenerator<Recipient> {
  let overflows = false;
  for (const slot of slotsOf(channel)) {
    const query = liveItems(table, subscriptionKey(slot, "").pk);
    const pages = paginateQuery({ client: table.client }, query);
    for await (const { Items = [], LastEvaluatedKey } of pages) {
      overflows ||= LastEvaluatedKey !== undefined;
      for (const { sk, json, connectedAt, expiresAt } of Items) {
        yield {
          connectionId: sk?.S ?? "",
          kind: json?.BOOL ? "json" : "plain",
          connectedAt: Number(connectedAt?.N),
          expiresAt: Number(expiresAt?.N),
          slot,
        };
      }
    }
  }
  if (overflows) await growChannel(table, channel);
}
