import { randomUUID } from "node:crypto";
import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from "node:http";
import type { Clock } from "./clock.ts";
import { close, hostOf } from "./listen.ts";
import { takeRequest, type NotTaken } from "./take-request.ts";

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
export async function startJsonServer(options: {
  clock: Clock;
  /** Bytes of a request's body. */
  maxRequestBytes: number;
  answer: (
    request: IncomingMessage,
    body: Buffer,
    gone: AbortSignal,
  ) => JsonAnswer | Promise<JsonAnswer>;
}): Promise<JsonServer> {
  const { clock, maxRequestBytes, answer } = options;

  function setHead(
    response: ServerResponse,
    status: number,
    headers: OutgoingHttpHeaders = {},
  ): void {
    response.statusCode = status;
    response.setHeader("content-type", "application/x-amz-json-1.0");
    // The SDK corrects its clock by this date when a signature is refused as expired.
    response.setHeader("date", new Date(clock.now()).toUTCString());
    response.setHeader("x-amzn-requestid", randomUUID());
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value ?? "");
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on("close", () => {
      gone.abort();
    });
    const sent = await takeRequest(request, response, {
      ...{ maxBytes: maxRequestBytes, clock },
      refuse: (reason) => refuse(response, reason),
    });
    if (sent === undefined) return;
    const { status, body, headers } = await answer(request, sent, gone.signal);
    setHead(response, status, { "content-length": Buffer.byteLength(body), ...headers });
    response.end(body);
  }

  function refuse(response: ServerResponse, reason: NotTaken): string {
    setHead(response, reason.status);
    if (reason.status === 403) {
      const type = "com.amazon.coral.service#AccessDeniedException";
      return JSON.stringify({ __type: type, message: reason.message });
    }
    // SQS answers so: https://github.com/aws/aws-sdk-js/issues/479. What DynamoDB answers is unknown.
    response.setHeader("content-type", "text/plain");
    return `HTTP content length exceeded ${maxRequestBytes} bytes.`;
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
