/**
 * What API Gateway hands to the function of a WebSocket route.
 * Keys that are not always there are optional: an absent one is absent, never null.
 */
export type WebSocketEvent = {
  requestContext: {
    routeKey: string;
    eventType: "CONNECT" | "MESSAGE" | "DISCONNECT";
    connectionId: string;
    /** Milliseconds since the epoch. */
    connectedAt: number;
    requestId: string;
    /** Who connects; `userArn` where `$connect` wants a signature. */
    identity: { sourceIp: string; userArn?: string };
    /** What the authorizer has said, where there is one: all values as text. */
    authorizer?: Record<string, string>;
  };
  /** Only at $connect; names as the client wrote them. */
  headers?: Record<string, string>;
  /** Only at $connect, and only with a query. */
  multiValueQueryStringParameters?: Record<string, string[]>;
  /** Only of a message. */
  body?: string;
};

/**
 * What the function returns: at $connect the status of the handshake and its subprotocol, for a
 * message the frame that goes back.
 */
export type WebSocketResult = {
  statusCode: number;
  headers?: Record<string, string>;
  body?: string;
};

/** The subprotocols that a handshake offers, first the one that the client likes best. */
export function offeredSubprotocols(headers: Record<string, string> = {}): string[] {
  const header = Object.entries(headers).find(
    ([key]) => key.toLowerCase() === "sec-websocket-protocol",
  );
  return header?.[1].split(",").map((offered) => offered.trim()) ?? [];
}
