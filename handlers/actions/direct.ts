import { prepare } from "../aws/connections.ts";
import type { System } from "../aws/system.ts";
import type { Content } from "../protocol/content.ts";
import { checkSize, directFrames, frameFor, type Protocol } from "../protocol/frames.ts";
import { invalidConnection } from "../protocol/parameters.ts";
import { Problem } from "../protocol/problem.ts";
import { findConnection, removeConnections, unknownConnection } from "../store/connection.ts";

// One connection, by its id. Each of these throws a Problem for an id that no connection has, or has
// no more; what is left of it in the table is removed.

export type ShownConnection = {
  connectionId: string;
  protocol: Protocol;
  channels: string[];
  connectedAt: Date | undefined;
  lastActiveAt: Date | undefined;
  sourceIp: string | undefined;
  userAgent: string | undefined;
};

/** Says what is known of a connection, by us and by API Gateway. */
export async function showConnection(
  system: System,
  connectionId: string,
): Promise<ShownConnection> {
  const { status, known } = await system.connections.get(connectionId);
  await checkStatus(system, connectionId, status);
  const found = await findConnection(system.table, connectionId);
  return {
    connectionId,
    protocol: found?.protocol ?? "plain",
    channels: found?.channels ?? [],
    connectedAt: known?.ConnectedAt,
    lastActiveAt: known?.LastActiveAt,
    sourceIp: known?.Identity?.SourceIp,
    userAgent: known?.Identity?.UserAgent,
  };
}

/** Sends content to one connection alone. */
export async function sendTo(
  system: System,
  connectionId: string,
  content: Content,
): Promise<void> {
  const { table, connections, clock, maxMessageBytes } = system;
  const frames = directFrames(content, clock.now());
  checkSize(frames, maxMessageBytes);
  const connection = await findConnection(table, connectionId);
  if (connection === undefined) {
    // API Gateway knows which ids are none. It may be open: what it gets ends with its token.
    const { status } = await connections.get(connectionId);
    await checkStatus(system, connectionId, status);
    throw unknownConnection();
  }
  const frame = prepare(frameFor(connection.protocol, frames));
  await checkStatus(system, connectionId, await connections.post(connectionId, frame));
}

/** Closes a connection, which sees 1000, and removes its items. */
export async function closeConnection(system: System, connectionId: string): Promise<void> {
  await checkStatus(system, connectionId, await system.connections.close(connectionId));
  await removeConnections(system.table, [connectionId]);
}

/** Goes on after a 2xx of @connections. */
async function checkStatus({ table }: System, connectionId: string, status: number): Promise<void> {
  if (status === 410) {
    await removeConnections(table, [connectionId]);
    throw unknownConnection();
  }
  if (status === 400) throw invalidConnection();
  if (status >= 300) {
    throw new Problem("unreached", `API Gateway answers ${status} for this connection: try again.`);
  }
}
