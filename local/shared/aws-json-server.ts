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

/** An answer of the AWS JSON 1.0 protocol: `body` is JSON, `headers` what the service adds. */
export type JsonAnswer = { status: number; body: string; headers?: OutgoingHttpHeaders };

/** A server of the AWS JSON 1.0 protocol, which DynamoDB and SQS speak. */
export type JsonServer = {
  /** `http://127.0.0.1:<port>`. */
  endpoint: string;
  /** Ends every connection, also of those who wait for an answer. */
  close(): Promise<void>;
};

/** Starts one on a free port of 127.0.0.1. `gone` tells that the client has left or has its answer. */
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
    // Without a body the client has gone before its request was whole.
    if (sent === undefined) return;
    const { status, body, headers } = await answer(request, sent, gone.signal);
    response.writeHead(status, {
      "content-type": "application/x-amz-json-1.0",
      "content-length": Buffer.byteLength(body),
      // The SDK sets its own clock by it when a signature is refused as expired.
      date: new Date(clock.now()).toUTCString(),
      "x-amzn-requestid": randomUUID(),
      ...headers,
    });
    response.end(body);
  }

  // A connection that is never closed for being idle is never closed under a request on its way.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    void serve(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { endpoint: `http://${hostOf(server)}`, close: () => close(server) };
}

/** The body of a request; undefined where it is not JSON. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
