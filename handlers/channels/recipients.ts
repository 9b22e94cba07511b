import { paginateQuery } from "@aws-sdk/client-dynamodb";
import type { Channel } from "./channel.ts";
import { slotsOf } from "./slot.ts";
import { seconds, subscriptionKey } from "./table.ts";
import type { Key, Table } from "./table.ts";

export type Recipient = {
  connectionId: string;
  kind: "plain" | "json";
  /** Milliseconds since the epoch. */
  connectedAt: number;
  /** Of its subscription. */
  key: Key;
};

/**
 * Everyone who is subscribed at this moment. The reads are strongly consistent: whose handshake has
 * been answered is among them.
 */
export async function* recipientsOf(table: Table, channel: Channel): AsyncGenerator<Recipient> {
  for (const slot of slotsOf(channel)) {
    const pages = paginateQuery(
      { client: table.client },
      {
        TableName: table.name,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk",
        // TTL deletes an item days after its end, and until then it is still read.
        FilterExpression: "expiresAt > :now",
        ExpressionAttributeValues: {
          ":pk": { S: `channel#${slot}` },
          ":now": { N: String(seconds()) },
        },
      },
    );
    for await (const { Items = [] } of pages) {
      for (const { sk, json, connectedAt } of Items) {
        const connectionId = sk?.S ?? "";
        yield {
          connectionId,
          kind: json?.BOOL ? "json" : "plain",
          connectedAt: Number(connectedAt?.N),
          key: subscriptionKey(slot, connectionId),
        };
      }
    }
  }
}
