import type { IncomingMessage } from "node:http";
import type { WebSocketApiDescription } from "../graph/description.ts";
import { newId } from "./id.ts";

/** What every event of a connection tells of it. */
export type ConnectionContext = {
  connectionId: string;
  /** Milliseconds since the epoch. */
  connectedAt: number;
  /** The `Host` header of the handshake. */
  domainName: string;
  stage: string;
  apiId: string;
  identity: { userAgent?: string; sourceIp: string };
  /** What the authorizer has said of it, for as long as it lasts. */
  authorizer?: Record<string, string>;
};

/** The context of a connection that asks to be made at `now`, in milliseconds since the epoch. */
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
