import type { WebSocket } from "ws";
import type { Clock } from "../shared/clock.ts";
import type { ConnectionContext } from "./connection-context.ts";

/** An open connection, as @connections sees it. */
export type Connection = {
  context: ConnectionContext;
  /** Returns when the last message came or went, in milliseconds since the epoch. */
  lastActiveAt(): number;
  /** Returns false as soon as either side has begun to close. */
  isOpen(): boolean;
  /**
   * Sends one text message. Returns false if the client's buffer is full, and nothing is sent. Does
   * nothing once the connection is no longer open.
   */
  send(text: string): boolean;
  /** Closes with this code and reason. Does nothing once the connection is no longer open. */
  close(closure: Closure): void;
};

/** Code and reason of a closed WebSocket. */
export type Closure = { code: number; reason: string };

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
export const maxMessageBytes = 128 * 1024;
export const maxFrameBytes = 32 * 1024;
// AWS has a buffer for each client, whose size is unknown. Here this much waits for a client that does
// not read, besides what the operating system takes. The pongs that wait are limited by ws.
const maxBufferedBytes = 8 * maxMessageBytes;
const maxIdleMilliseconds = 10 * 60 * 1000;
const maxLifetimeMilliseconds = 2 * 60 * 60 * 1000;

// Codes: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-overview.html
export const closedNormally: Closure = { code: 1000, reason: "Connection Closed Normally" };
export const goingAway: Closure = { code: 1001, reason: "Going away" };
export const closedWithoutFrame: Closure = { code: 1006, reason: "" };
export const messageTooBig: Closure = { code: 1009, reason: "" };
const binaryMessage: Closure = { code: 1003, reason: "" };
const tooManyRequests: Closure = { code: 1008, reason: "" };

/** Keeps a WebSocket that has just been opened, until the client, the server or the time closes it. */
export function openConnection(options: {
  socket: WebSocket;
  context: ConnectionContext;
  clock: Clock;
  /** Resolves to the answer that goes back, if any. Messages do not wait for each other. */
  onMessage: (body: string) => Promise<string | undefined>;
  /** Called once, when the connection has been closed or the server has begun to close it. */
  onClose: (closure: Closure) => void;
}): Connection {
  const { socket, context, clock, onMessage, onClose } = options;
  let left = false;
  let lastActiveAt = clock.now();

  const isOpen = () => !left && socket.readyState === socket.OPEN;

  const leave = (closure: Closure) => {
    if (left) return;
    left = true;
    idle.cancel();
    lifetime.cancel();
    onClose(closure);
  };

  const close = (closure: Closure) => {
    if (!isOpen()) return;
    socket.close(closure.code, closure.reason);
    leave(closure);
  };

  const send = (text: string) => {
    if (!isOpen()) return true;
    if (socket.bufferedAmount > maxBufferedBytes) return false;
    lastActiveAt = clock.now();
    socket.send(text);
    return true;
  };

  const receive = async (body: string) => {
    if (!isOpen()) return;
    lastActiveAt = clock.now();
    const answer = await onMessage(body);
    // A client that asks and does not read is closed: what AWS does with its answers is unknown.
    if (answer !== undefined && !send(answer)) close(tooManyRequests);
  };

  // Messages keep a connection from being idle. AWS does not document whether protocol pings do;
  // here they do not.
  const watchIdle = () => {
    const remaining = lastActiveAt + maxIdleMilliseconds - clock.now();
    if (remaining > 0) idle = clock.after(remaining, watchIdle);
    else close(goingAway);
  };
  let idle = clock.after(maxIdleMilliseconds, watchIdle);
  const lifetime = clock.after(maxLifetimeMilliseconds, () => {
    close(goingAway);
  });

  // ws gives text as a string to a listener of this kind, and binary data as bytes.
  socket.addEventListener("message", ({ data }) => {
    if (typeof data === "string") void receive(data);
    else close(binaryMessage);
  });
  // ws sends the close frame itself.
  socket.on("error", (error) => {
    if ("code" in error && error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") {
      leave(messageTooBig);
    }
  });
  socket.on("close", (code, reason) => {
    leave(closureByClient(code, reason.toString()));
  });

  return { context, lastActiveAt: () => lastActiveAt, isOpen, send, close };
}

function closureByClient(code: number, reason: string): Closure {
  if (code === 1005) return { code, reason: "Client-side close frame status not set" };
  if (code === closedWithoutFrame.code) return closedWithoutFrame;
  return { code, reason };
}
