import type { GetConnectionCommandOutput } from "@aws-sdk/client-apigatewaymanagementapi";
import type { Clock } from "./clock.ts";
import { sha256, type Credentials } from "./signature.ts";
import { whenAsked } from "./when-asked.ts";

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

/** Opens the connections: each half when it is first asked. `destroy` closes the sockets to API Gateway. */
export function openConnections(
  options: ConnectionsOptions,
): Connections & { destroy: () => Promise<void> } {
  const opened: { destroy: () => unknown }[] = [];
  const open = <Half extends { destroy: () => unknown }>(load: () => Promise<Half>) =>
    whenAsked(async () => {
      const half = await load();
      opened.push(half);
      return half;
    });
  const posts = open(async () => (await import("./posts.ts")).openPosts(options));
  const management = open(async () => (await import("./management.ts")).openManagement(options));
  let post: Connections["post"] | undefined;
  return {
    post(connectionId, frame) {
      // Every message takes this way, and nearly all of them find it open.
      if (post !== undefined) return post(connectionId, frame);
      return posts().then((half) => (post = half.post)(connectionId, frame));
    },
    get: async (connectionId) => (await management()).get(connectionId),
    close: async (connectionId) => (await management()).close(connectionId),
    async destroy() {
      await Promise.all(opened.map((half) => half.destroy()));
    },
  };
}
