import { prepare } from "../aws/connections.ts";
import { log, thrown } from "../aws/log.ts";
import type { System } from "../aws/system.ts";
import { Problem } from "../protocol/problem.ts";
import { closeConnection } from "./direct.ts";

const { code, message } = new Problem(
  "token-expired",
  "The token of this connection has expired: connect again with a new one.",
);
const frame = prepare(JSON.stringify({ type: "error", code, message }));

/**
 * Tells a client that its token has expired, closes the connection and removes its items. What a
 * function returns is sent after it has ended, and so would find the connection closed: the error is
 * posted.
 */
export async function expire(system: System, connectionId: string): Promise<void> {
  log.info("Token expired");
  await system.connections.post(connectionId, frame).catch((error: unknown) => {
    log.warn("Not told", thrown(error));
  });
  await closeConnection(system, connectionId).catch((error: unknown) => {
    // It is closed already.
    if (!(error instanceof Problem && error.code === "unknown-connection")) throw error;
  });
}
