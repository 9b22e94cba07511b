import assert from "node:assert/strict";
import { once } from "node:events";
import type { Server } from "node:http";
import { setImmediate } from "node:timers/promises";
import { WebSocketServer, type WebSocket } from "ws";
import type * as OfPrefix from "../../client/prefix.ts";
import { close, hostOf, listen } from "../../local/shared/listen.ts";
import { clientWith, ManualTimers } from "./manual-timers.ts";
import { socketClass } from "./support.ts";

type Subscribe = { ref: string; since?: unknown };

describe("a client that is closed leaves no timer", () => {
  let server: Server;
  let stack: WebSocketServer;
  let url: string;
  before(async () => {
    server = await listen(0, "");
    stack = new WebSocketServer({ server });
    url = `ws://${hostOf(server)}/`;
  });
  after(async () => {
    stack.close();
    await close(server);
  });

  /** Answers what the next connection asks, as a stack; resolves with its socket. */
  const serve = async (answer: (asked: Subscribe, count: number) => object | undefined) => {
    const [socket] = (await once(stack, "connection")) as [WebSocket];
    let count = 0;
    socket.on("message", (frame: Buffer) => {
      const asked = JSON.parse(frame.toString()) as Subscribe;
      const reply = answer(asked, ++count);
      if (reply) socket.send(JSON.stringify({ ref: asked.ref, ...reply }));
    });
    return socket;
  };
  const message = (channel: string) =>
    JSON.stringify({ type: "message", channel, id: "epoch1-5", data: "", time: "" });
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await setImmediate();
  };

  it("where it is subscribed", async () => {
    const timers = new ManualTimers();
    const { connect } = await clientWith(timers);
    const { Class: WebSocket, sockets } = socketClass();
    const serving = serve(() => ({ type: "subscribed", channel: "news", last: null }));
    const client = connect(url, { WebSocket });
    await Promise.all([serving, client.subscribe("news").ready]);
    assert.notEqual(timers.pending, 0);
    client.close();
    await until(() => sockets.size === 0);
    assert.equal(timers.pending, 0);
  });

  it("where it waits to ask again for what is missing", async () => {
    const timers = new ManualTimers();
    const { connect } = await clientWith(timers);
    const { Class: WebSocket, sockets } = socketClass();
    const client = connect(url, { WebSocket });
    client.subscribe("news", { since: "epoch1-1" });
    const asked = new Promise<void>((resolve) => {
      void serve((_, count) => {
        if (count === 2) resolve();
        return { type: "subscribed", channel: "news", last: "epoch1-3", recovered: false };
      });
    });
    await asked;
    const [socket = assert.fail()] = sockets;
    await once(socket, "message");
    client.close();
    await until(() => sockets.size === 0);
    assert.equal(timers.pending, 0);
  });

  it("where channels of a prefix are yet to begin, and more come before the last reply", async () => {
    const timers = new ManualTimers();
    const { subscribePrefix } = await clientWith<typeof OfPrefix>(timers, "prefix");
    const { Class: WebSocket, sockets } = socketClass();
    let ref = "";
    const serving = serve((asked) => void ({ ref } = asked));
    const subscription = subscribePrefix(url, "a:*", { WebSocket });
    const stack = await serving;
    const [socket = assert.fail()] = sockets;
    await until(() => ref !== "");
    stack.send(message("a:eu"));
    await once(socket, "message");
    subscription.close();
    stack.send(message("a:us"));
    stack.send(JSON.stringify({ ref, type: "error", code: "internal" }));
    await until(() => sockets.size === 0);
    assert.equal(timers.pending, 0);
  });
});
