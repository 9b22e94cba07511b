import type { Table } from "../../handlers/aws/table.ts";
import { addConnection } from "../../handlers/store/connecting.ts";
import { itemsEnd, type Connection } from "../../handlers/store/connection.ts";
import { newId } from "../../local/websocket/id.ts";

/** Writes the items of a new connection, a minute old and on these channels. */
export async function connected(
  table: Table,
  channels: string[],
  changes: Partial<Connection> = {},
): Promise<Connection> {
  const connectedAt = table.clock.now() - 60_000;
  const expiresAt = itemsEnd(connectedAt);
  const connection: Connection = {
    ...{ connectionId: newId(), protocol: "plain", connectedAt, expiresAt },
    ...changes,
  };
  await addConnection(table, connection, channels);
  return connection;
}
