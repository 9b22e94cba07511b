import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "./clock.ts";

const maxLingerMilliseconds = 1000;

/**
 * Sends the response to a request that has not been read to its end, and then closes the connection.
 * Until the client has sent the rest, or a second has passed, the rest is discarded: a connection that
 * is closed while bytes of it are unread is reset, and the client can lose the response.
 */
export function respondEarly(
  request: IncomingMessage,
  response: ServerResponse,
  content: string | Buffer,
  clock: Clock,
): void {
  response.setHeader("connection", "close");
  response.setHeader("content-length", Buffer.byteLength(content));
  response.flushHeaders();
  response.write(content);
  const linger = clock.after(maxLingerMilliseconds, () => {
    response.end();
  });
  request.once("close", () => {
    linger.cancel();
    response.end();
  });
  request.resume();
}
