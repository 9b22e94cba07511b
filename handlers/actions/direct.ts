import { sleep } from "../aws/clock.ts";
import { prepare } from "../aws/connections.ts";
import type { System } from "../aws/system.ts";
import { endConnections } from "../delivery/leave.ts";
import type { Content } from "../protocol/content.ts";
import { checkSize, directFrames, frameFor, type Protocol } from "../protocol/frames.ts";
import { invalidConnection } from "../protocol/parameters.ts";
import { isWatchers } from "../protocol/presence.ts";
import { Problem } from "../protocol/problem.ts";
import { markClosed } from "../store/connecting.ts";
import { findConnection, mayBeConnecting, unknownConnection } from "../store/connection.ts";

// One connection, by its id. Each of these throws a Problem for an id that no connection has, or has
// no more; what is left of it in the table is removed. Who may still be connecting is left alone.

export type ShownConnection = {
  connectionId: string;
  protocol: Protocol;
  channels: string[];
  connectedAt: Date | undefined;
  lastActiveAt: Date | undefined;
  sourceIp: string | undefined;
  userAgent: string | undefined;
};

/** Milliseconds to wait before each further try to close a connection that may be connecting. */
const closeDelays = [50, 100, 200, 400, 800, 1_600, 3_200];

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
    channels: (found?.channels ?? []).filter((channel) => !isWatchers(channel)),
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

/**
 * Closes a connection, which sees 1000, and removes its items. Who is connecting is refused: either
 * `$connect` finds the mark, or it has looked before, and the connection opens and is closed here.
 */
export async function closeConnection(system: System, connectionId: string): Promise<void> {
  const { connections, table, clock } = system;
  let status = await connections.close(connectionId);
  if (status === 410 && (await isMarked(system, connectionId))) {
    for (const delay of closeDelays) {
      if (status !== 410) break;
      await sleep(clock, delay);
      if ((await findConnection(table, connectionId)) === undefined) return;
      status = await connections.close(connectionId);
    }
  }
  await checkStatus(system, connectionId, status);
  await endConnections(system, [connectionId]);
}

async function isMarked({ table, clock }: System, connectionId: string): Promise<boolean> {
  const found = await findConnection(table, connectionId);
  if (found === undefined || !mayBeConnecting(clock, found)) return false;
  return markClosed(table, connectionId);
}

/** Goes on after a 2xx of @connections. */
async function checkStatus(system: System, connectionId: string, status: number): Promise<void> {
  const { table, clock } = system;
  if (status === 410) {
    const found = await findConnection(table, connectionId);
    // Without an item there is nothing to remove, but it may be about to come.
    if (found === undefined) throw unknownConnection();
    if (mayBeConnecting(clock, found)) {
      throw new Problem(
        "unreached",
        "This connection is still connecting, or is no more: try again in half a minute.",
        30,
      );
    }
    await endConnections(system, [connectionId]);
    throw unknownConnection();
  }
  if (status === 400) throw invalidConnection();
  if (status >= 300) {
    throw new Problem("unreached", `API Gateway answers ${status} for this connection: try again.`);
  }
}
