import type { IncomingMessage } from "node:http";
import type { WebSocketApiDescription } from "../graph/api-description.ts";
import { newId } from "./id.ts";

/** The part of an event that is the same for all events of a connection. */
export type ConnectionContext = {
  connectionId: string;
  /** Milliseconds since the epoch. */
  connectedAt: number;
  /** The `Host` header of the handshake. */
  domainName: string;
  stage: string;
  apiId: string;
  identity: { userAgent?: string; sourceIp: string };
  /** Who signed the handshake. */
  userArn?: string;
  /** What the authorizer said at the handshake. */
  authorizer?: Record<string, string>;
};

/** Returns the context of a new connection; `now` is in milliseconds since the epoch. */
export function connectionContext(
  request: IncomingMessage,
  api: WebSocketApiDescription,
  now: number,
): ConnectionContext {
  const userAgent = request.headers["user-agent"];
  return {
    connectionId: newId(),
    connectedAt: now,
    domainName: request.headers.host ?? "",
    stage: api.stage.name,
    apiId: api.id,
    identity: {
      ...(userAgent !== undefined && { userAgent }),
      sourceIp: request.socket.remoteAddress ?? "",
    },
  };
}
