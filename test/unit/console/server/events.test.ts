import assert from "node:assert/strict";
import type { ConsoleEvent } from "../../../../console/api.ts";
import { stackEvents } from "../../../../console/server/events.ts";

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:1:${resource}`;
const http = arn("lambda", "function:http");
const fanout = arn("lambda", "function:fanout");
const api = arn("execute-api", "http-api");
const sockets = arn("execute-api", "sockets");
const table = arn("dynamodb", "table/channels");
const queue = arn("sqs", "deliveries");

/** Somebody's use of something. */
const use = (name: string, resource: string, verdict = "allowed" as const) => ({
  ...{ caller: `arn:aws:sts::1:assumed-role/role/${name}`, action: "a:Do", resource, verdict },
});

describe("the events of a local stack", () => {
  let events: ReturnType<typeof stackEvents>;
  let seen: ConsoleEvent[];
  let onSeen: (() => void) | undefined;
  beforeEach(() => {
    seen = [];
    events = stackEvents(() => 7);
    events.follow(0, ({ event }) => {
      seen.push(event);
      onSeen?.();
    });
  });

  const next = () => new Promise<void>((resolve) => (onSeen = resolve));

  it("say who was refused what, and why", () => {
    const { caller, action, resource } = use("http", table);
    const facts = { type: "refused", caller, action, resource, time: 7 };
    for (const [verdict, why] of [
      ["implicitly-denied", "no statement allows it"],
      ["explicitly-denied", "a statement denies it"],
    ] as const) {
      events.observe.decided?.({ caller, action, resource, verdict });
      assert.deepEqual(seen.pop(), { ...facts, why });
    }
    events.observe.decided?.(use("http", table));
    assert.deepEqual(seen, []);
  });

  it("say what the last publish has used, and what works on its queue", async () => {
    const { invoked, decided } = events.observe;
    decided?.(use("http", table));
    invoked?.(http, `${api}/staging/GET/channels`);
    decided?.(use("http", table));
    invoked?.(http, `${api}/staging/POST/channels/{channel}/messages`);
    decided?.(use("http", `${table}/index/channels`));
    decided?.(use("http", queue));
    decided?.(use("another", queue));
    invoked?.(fanout, queue);
    for (const id of ["a", "b"]) {
      decided?.(use("fanout", `${sockets}/staging/POST/@connections/${id}`));
    }
    await next();
    assert.deepEqual(seen, [
      {
        type: "way",
        route: "POST /channels/{channel}/messages",
        steps: [
          { from: api, to: http },
          { from: http, to: table },
          { from: http, to: queue },
          { from: queue, to: fanout },
          { from: fanout, to: sockets },
        ],
      },
    ]);
  });

  it("say the way of a client's own publish, and forget the one before", async () => {
    const { invoked } = events.observe;
    invoked?.(http, `${api}/staging/POST/`);
    await next();
    const websocket = arn("lambda", "function:websocket");
    invoked?.(websocket, `${sockets}/staging/publish`);
    await next();
    assert.deepEqual(
      seen.map((event) => event.type === "way" && [event.route, event.steps]),
      [
        ["POST /", [{ from: api, to: http }]],
        ["publish", [{ from: sockets, to: websocket }]],
      ],
    );
  });

  it("are kept for who comes later, the last 500", () => {
    for (let line = 1; line <= 600; line++) events.onLog("http", String(line));
    const lines: unknown[] = [];
    const end = events.follow(0, ({ event }) => lines.push(event.type === "log" && event.line));
    assert.deepEqual([lines.length, lines[0], lines.at(-1)], [500, "101", "600"]);
    end();
    events.onLog("http", "more");
    assert.equal(lines.length, 500);
  });
});
