import type { ApiGatewayManagementApiClient } from "@aws-sdk/client-apigatewaymanagementapi";
import { nextInChannel } from "./channel.ts";
import { removeConnections } from "./connection.ts";
import { deliver } from "./delivery.ts";
import { checkSize, envelope, toMessage } from "./message.ts";
import { recipientsOf } from "./recipients.ts";
import type { Content } from "./request-body.ts";
import type { Table } from "./table.ts";

export type Published = {
  id: string;
  channel: string;
  /** Recipients that have the message. */
  delivered: number;
  /** Recipients whose connection was no more; their items are removed. */
  gone: number;
  /** Recipients that could not be reached. */
  failed: number;
};

/** Sends content to everyone on the channel. Throws a Problem (413) for content too large. */
export async function publish(
  { table, connections }: { table: Table; connections: ApiGatewayManagementApiClient },
  channel: string,
  content: Content,
): Promise<Published> {
  checkSize(channel, content);
  const current = await nextInChannel(table, channel);
  const message = toMessage(current, content, new Date());
  const { delivered, gone, failed } = await deliver(connections, recipientsOf(table, current), {
    plain: message.text,
    json: envelope(message),
  });
  await removeConnections(
    table,
    gone.map(({ connectionId }) => connectionId),
    gone.map(({ key }) => key),
  );
  return { id: message.id, channel, delivered, gone: gone.length, failed };
}
