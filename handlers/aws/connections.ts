import {
  ApiGatewayManagementApiClient,
  ApiGatewayManagementApiServiceException,
  DeleteConnectionCommand,
  GetConnectionCommand,
  type GetConnectionCommandOutput,
} from "@aws-sdk/client-apigatewaymanagementapi";
import Pool from "undici/lib/dispatcher/pool.js";
import type { Clock } from "./clock.ts";
import { sha256, signer, type Credentials } from "./signature.ts";

/** A frame that is ready to be posted to any number of connections. */
export type PreparedFrame = { body: Buffer; hash: string };

export function prepare(frame: string): PreparedFrame {
  const body = Buffer.from(frame);
  return { body, hash: sha256(body) };
}

/**
 * The open connections of the WebSocket API, by its @connections. Each call gives the HTTP status that
 * API Gateway answers: 410 for a connection that is no more (or whose `$connect` has not returned
 * yet), 400 for an id that no connection can have, 403 where the role does not allow the call.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export type Connections = {
  /**
   * Posts a frame to a connection, once.
   * Rejects with an Error that says why there was no answer: no connection, a reset, its deadline.
   */
  post: (connectionId: string, frame: PreparedFrame) => Promise<number>;
  /** Asks what API Gateway knows of a connection. */
  get: (connectionId: string) => Promise<{ status: number; known?: KnownConnection }>;
  /** Closes a connection, which sees 1000. */
  close: (connectionId: string) => Promise<number>;
};

export type KnownConnection = Pick<
  GetConnectionCommandOutput,
  "ConnectedAt" | "LastActiveAt" | "Identity"
>;

export type ConnectionsOptions = {
  /** `https://<host>/<stage>`. */
  endpoint: string;
  region: string;
  credentials: Credentials;
  /** Posts at the same time: as many sockets are kept open. */
  maxPosts: number;
  /** Milliseconds before a post without an answer is given up. */
  postMilliseconds: number;
  clock: Clock;
};

/** Opens the connections; `destroy` closes the sockets to API Gateway. */
export function openConnections(
  options: ConnectionsOptions,
): Connections & { destroy: () => Promise<void> } {
  const { endpoint, region, credentials } = options;
  const { post, destroy } = openPosts(options);

  let client: ApiGatewayManagementApiClient | undefined;
  // Made when it is first used: most instances never are asked about one connection.
  const management = () =>
    (client ??= new ApiGatewayManagementApiClient({
      ...{ endpoint, region, credentials },
      requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 },
    }));

  return {
    post,
    async get(ConnectionId) {
      const get = management().send(new GetConnectionCommand({ ConnectionId }));
      const result = await get.catch(statusOf);
      return typeof result === "number" ? { status: result } : { status: 200, known: result };
    },
    async close(ConnectionId) {
      const close = management().send(new DeleteConnectionCommand({ ConnectionId }));
      const result = await close.catch(statusOf);
      return typeof result === "number" ? result : 204;
    },
    async destroy() {
      client?.destroy();
      await destroy();
    },
  };
}

/** Returns the status that API Gateway answered. Throws an error that is none of its answers. */
function statusOf(error: unknown): number {
  if (error instanceof ApiGatewayManagementApiServiceException) {
    return error.$metadata.httpStatusCode ?? 500;
  }
  // The SDK parses the body of an error, which API Gateway need not have written as JSON.
  const { $response } = error as { $response?: { statusCode: number } };
  if ($response === undefined) throw error;
  return $response.statusCode;
}

/**
 * The way of every message to every subscriber, and so the one place where the SDK is too slow: it
 * takes about ten times the CPU of this. Everything else about @connections is left to it.
 */
function openPosts({
  endpoint,
  region,
  credentials,
  maxPosts,
  postMilliseconds,
  clock,
}: ConnectionsOptions): { post: Connections["post"]; destroy: () => Promise<void> } {
  const { origin, host, pathname } = new URL(endpoint);
  const sign = signer(host, region, credentials);
  const pool = new Pool(origin, { connections: maxPosts, pipelining: 1 });

  const post: Connections["post"] = (connectionId, { body, hash }) =>
    new Promise((resolve, reject) => {
      const path = `${pathname}/@connections/${percentEncoded(connectionId)}`;
      let status = 0;
      let late: Error | undefined;
      let abort = reject;
      const deadline = clock.after(postMilliseconds, () => {
        late = new Error(`no answer within ${postMilliseconds} ms`);
        abort(late);
      });
      pool.dispatch(
        { method: "POST", path, body, headers: sign(path, hash, clock.now()) },
        {
          onRequestStart(controller) {
            abort = (reason: Error) => {
              controller.abort(reason);
            };
            // It waited for a socket for too long: nobody waits for its answer any more.
            if (late !== undefined) abort(late);
          },
          onResponseStart(_controller, statusCode) {
            status = statusCode;
          },
          onResponseEnd() {
            deadline.cancel();
            resolve(status);
          },
          onResponseError(_controller, error) {
            deadline.cancel();
            reject(error);
          },
        },
      );
    });
  return { post, destroy: () => pool.destroy() };
}

/** Percent-encodes as Signature Version 4 has it: every character but letters, digits and -._~ */
function percentEncoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
