import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { ManualClock } from "../../../../local/shared/clock.ts";
import type { AccessDecision, Authorize } from "../../../../local/shared/access.ts";
import type {
  CorsDescription,
  HttpRouteDescription,
} from "../../../../local/graph/api-description.ts";
import { unthrottled, type Throttle } from "../../../../local/gateway/throttling.ts";
import { httpGateway } from "../../../../local/http/gateway.ts";
import type { InvokeRequest, InvokeResult } from "../../../../local/shared/invoke.ts";

export type HttpFixture = {
  clock: ManualClock;
  port: number;
  /** The origin, without the stage and without a slash at the end. */
  url: string;
  /** The invocations so far. */
  invoked: InvokeRequest[];
  /**
   * Sends text as it is, with the server's own Host if none is given, asks for the connection to be
   * closed, and returns all that comes back.
   */
  raw: (lines: string[], body?: string) => Promise<string>;
  /** Closes the gateway alone; its server stays open. */
  gateway: { close(): Promise<void> };
  close: () => Promise<void>;
};

/** Returns a function that serves an HTTP API, closed after the test. Call it inside `describe`. */
export function httpFixture() {
  const opened: { close: () => Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((fixture) => fixture.close()));
  });

  return async function serve(
    options: {
      /** Keys of the routes; each has a function of its own, whose ARN ends with the key. */
      routes?: string[];
      stage?: string;
      cors?: Partial<CorsDescription>;
      /** The authorization of every route. */
      authorization?: HttpRouteDescription["authorization"];
      /** Decides about a signed request. Defaults to denying all. */
      authorize?: Authorize;
      clock?: ManualClock;
      throttle?: Throttle;
      /** What the function does. Defaults to returning its event. */
      fn?: (request: InvokeRequest) => InvokeResult | Promise<InvokeResult>;
    } = {},
  ): Promise<HttpFixture> {
    const { routes = ["$default"], stage = "staging", cors, fn = echo } = options;
    const { authorization = { type: "none" }, authorize = refuseAll } = options;
    const { clock = new ManualClock(Date.UTC(2020, 2, 12, 19, 3, 58, 390)) } = options;
    const invoked: InvokeRequest[] = [];
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    const { port } = address;

    const gateway = httpGateway({
      server,
      api: {
        id: "abc123",
        executionArn: "arn:aws:execute-api:eu-west-1:123456789012:abc123",
        stage: { name: stage },
        routes: routes.map((routeKey) => ({
          routeKey,
          authorization,
          integration: { functionArn: `arn:${routeKey}`, timeoutMilliseconds: 29_000 },
        })),
        ...(cors && { cors: { ...noCors, ...cors } }),
      },
      accountId: "123456789012",
      authorize,
      invoke: async (request) => {
        invoked.push(request);
        return fn(request);
      },
      clock,
      throttle: options.throttle ?? unthrottled,
    });

    const fixture: HttpFixture = {
      clock,
      port,
      url: `http://127.0.0.1:${port}`,
      invoked,
      gateway,
      raw: async ([first, ...headers], body = "") => {
        const socket = connect(port, "127.0.0.1");
        const given = headers.some((line) => /^host:/i.test(line));
        const host = given ? [] : [`Host: 127.0.0.1:${port}`];
        const lines = [first, ...host, "Connection: close", ...headers, "", body];
        socket.write(lines.join("\r\n"));
        return text(socket);
      },
      close: async () => {
        await gateway.close();
        server.close();
        server.closeAllConnections();
      },
    };
    opened.push(fixture);
    return fixture;
  };
}

const noCors: CorsDescription = {
  allowOrigins: [],
  allowMethods: [],
  allowHeaders: [],
  exposeHeaders: [],
  allowCredentials: false,
};

function refuseAll(): AccessDecision {
  return { allowed: false, refusal: { reason: "access-denied", message: "Nobody may." } };
}

function echo({ event }: InvokeRequest): InvokeResult {
  return { outcome: "returned", value: event };
}

/** Returns a function that returns this. */
export function returns(value: unknown): () => InvokeResult {
  return () => ({ outcome: "returned", value });
}

/** Returns the value at this path of keys; undefined if there is none. */
export function property(value: unknown, ...path: string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof value !== "object" || value === null) return undefined;
  return property(new Map<string, unknown>(Object.entries(value)).get(key), ...rest);
}
