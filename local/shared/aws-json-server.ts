import { randomUUID } from "node:crypto";
import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from "node:http";
import { buffer } from "node:stream/consumers";
import type { Clock } from "./clock.ts";
import { close, hostOf } from "./listen.ts";

/** A response of the AWS JSON 1.0 protocol. `body` is JSON; `headers` are the service's own. */
export type JsonAnswer = { status: number; body: string; headers?: OutgoingHttpHeaders };

/** A server of the AWS JSON 1.0 protocol, which DynamoDB and SQS speak. */
export type JsonServer = {
  /** `http://127.0.0.1:<port>`. */
  endpoint: string;
  /** Ends every connection, also those of clients that wait for a response. */
  close(): Promise<void>;
};

/** Starts a server on a free port of 127.0.0.1. `gone` aborts when the client has left. */
export async function startJsonServer(
  clock: Clock,
  answer: (
    request: IncomingMessage,
    body: Buffer,
    gone: AbortSignal,
  ) => JsonAnswer | Promise<JsonAnswer>,
): Promise<JsonServer> {
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on("close", () => {
      gone.abort();
    });
    const sent = await buffer(request).catch(() => undefined);
    // The client has left before its request was complete.
    if (sent === undefined) return;
    const { status, body, headers } = await answer(request, sent, gone.signal);
    response.writeHead(status, {
      "content-type": "application/x-amz-json-1.0",
      "content-length": Buffer.byteLength(body),
      // The SDK corrects its clock by this date when a signature is refused as expired.
      date: new Date(clock.now()).toUTCString(),
      "x-amzn-requestid": randomUUID(),
      ...headers,
    });
    response.end(body);
  }

  // An idle connection is kept open: to close it could cut off a request that is on its way.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    void serve(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { endpoint: `http://${hostOf(server)}`, close: () => close(server) };
}

/** Reads the body of a request. Returns undefined if it is not JSON. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
