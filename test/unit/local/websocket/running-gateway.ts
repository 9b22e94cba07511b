import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import { WebSocket, type ClientOptions } from "ws";
import { unthrottled, type Throttle } from "../../../../local/gateway/throttling.ts";
import type { Authorize, Caller } from "../../../../local/shared/access.ts";
import { WatchedClock } from "../../../support/watched-clock.ts";
import type {
  WebSocketApiDescription,
  WebSocketRouteDescription,
} from "../../../../local/graph/api-description.ts";
import type { InvokeRequest, InvokeResult } from "../../../../local/shared/invoke.ts";
import type { WebSocketEvent } from "../../../../local/websocket/events.ts";
import { webSocketGateway } from "../../../../local/websocket/gateway.ts";

/** The caller that a gateway under test sees in every request. */
export const tester: Caller = {
  arn: "arn:aws:iam::000000000000:user/tester",
  userId: "AIDA0000000000000000",
  accessKeyId: "AKIA0000000000000000",
};

export const executionArn = "arn:aws:execute-api:eu-west-1:000000000000:abc123";

/** What a fake function does with one invocation. */
export type FakeFunction = (event: WebSocketEvent) => InvokeResult | Promise<InvokeResult>;

export type RunningGateway = {
  port: number;
  clock: WatchedClock;
  /** Every invocation so far. */
  invocations: InvokeRequest[];
  /** Resolves to the event of the next invocation of a route. */
  nextEvent(routeKey: string): Promise<WebSocketEvent>;
  /** Opens a client on the stage, without compression if it asks for none; rejects if the handshake is refused. */
  connect(options?: {
    path?: string;
    protocols?: string[];
    client?: ClientOptions;
  }): Promise<WebSocket>;
  /** Sends a request to @connections. */
  manage(method: string, connectionId: string, body?: string | Uint8Array): Promise<Response>;
  /** Returns the connection id in the newest event. */
  connectionId(): string;
  /** Resolves when the server sees a new TCP connection. */
  clientConnected(): Promise<void>;
  /** Resolves when the server sees a client end its TCP connection. */
  clientEnded(): Promise<void>;
  /** Resolves when the server has closed a TCP connection. */
  clientClosed(): Promise<void>;
  closeGateway(): Promise<void>;
  close(): Promise<void>;
};

export const returned = (value: unknown): InvokeResult => ({ outcome: "returned", value });

/** Starts a gateway on a free port with fake functions, one per route key; each route is two-way. */
export async function startGateway(
  options: {
    functions?: Record<string, FakeFunction>;
    oneWay?: string[];
    authorize?: Authorize;
    throttle?: Throttle;
    /** The authorization of `$connect`. */
    authorization?: WebSocketRouteDescription["authorization"];
    /** What the function `arn:function:authorizer` does. */
    authorizer?: () => InvokeResult;
    routeSelectionExpression?: string;
  } = {},
): Promise<RunningGateway> {
  const functions = options.functions ?? {};
  const api: WebSocketApiDescription = {
    id: "abc123",
    executionArn: executionArn,
    routeSelectionExpression: options.routeSelectionExpression ?? "$request.body.action",
    stage: { name: "staging" },
    routes: Object.keys(functions).map((routeKey) => ({
      routeKey,
      authorization: (routeKey === "$connect" ? options.authorization : undefined) ?? {
        type: "none",
      },
      integration: { functionArn: `arn:function:${routeKey}`, timeoutMilliseconds: 29_000 },
      twoWay: !(options.oneWay ?? []).includes(routeKey),
    })),
  };
  const clock = new WatchedClock(Date.UTC(2024, 1, 19, 7, 11, 42));
  const invocations: InvokeRequest[] = [];
  const invoked = new EventEmitter();
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert(address !== null && typeof address === "object");
  const { port } = address;

  const gateway = webSocketGateway({
    server,
    api,
    clock,
    throttle: options.throttle ?? unthrottled,
    authorize: options.authorize ?? (() => ({ allowed: true, caller: tester })),
    invoke: async (request) => {
      invocations.push(request);
      const { functionArn, event } = request;
      assertEvent(event);
      if (functionArn === "arn:function:authorizer" && options.authorizer) {
        return options.authorizer();
      }
      const { routeKey } = event.requestContext;
      invoked.emit(routeKey, event);
      return (await functions[routeKey]?.(event)) ?? { outcome: "denied" };
    },
  });

  // After the gateway's own listeners.
  server.on("connection", (socket) => {
    socket.once("end", () => invoked.emit("client ended"));
    socket.once("close", () => invoked.emit("client closed"));
    invoked.emit("client connected");
  });

  return {
    port,
    clock,
    invocations,
    nextEvent: async (routeKey) => {
      const emitted: unknown[] = await once(invoked, routeKey);
      const event = emitted[0];
      assertEvent(event);
      return event;
    },
    connect: async ({ path = "/staging", protocols = [], client } = {}) => {
      const options = { perMessageDeflate: false, ...client };
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, options);
      await once(socket, "open");
      return socket;
    },
    manage: (method, connectionId, body) =>
      fetch(
        `http://127.0.0.1:${port}/staging/@connections/${encodeURIComponent(connectionId)}`,
        body === undefined ? { method } : { method, body: Buffer.from(body) },
      ),
    connectionId: () => {
      const event = invocations.at(-1)?.event;
      assertEvent(event);
      return event.requestContext.connectionId;
    },
    clientConnected: async () => {
      await once(invoked, "client connected");
    },
    clientEnded: async () => {
      await once(invoked, "client ended");
    },
    clientClosed: async () => {
      await once(invoked, "client closed");
    },
    closeGateway: () => gateway.close(),
    close: async () => {
      const ending = gateway.close();
      // A client may not answer the close frame: the gateway waits no longer than this.
      clock.advance(1000);
      await ending;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function assertEvent(event: unknown): asserts event is WebSocketEvent {
  assert(typeof event === "object" && event !== null && "requestContext" in event);
}

/** Resolves to the next message that a client gets. */
export async function nextMessage(socket: WebSocket): Promise<string> {
  const emitted: unknown[] = await once(socket, "message");
  return String(emitted[0]);
}

/** Resolves to the code and the reason with which a client is closed. */
export async function closed(socket: WebSocket): Promise<{ code: unknown; reason: string }> {
  const emitted: unknown[] = await once(socket, "close");
  return { code: emitted[0], reason: String(emitted[1]) };
}
