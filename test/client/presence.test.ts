import assert from "node:assert/strict";
import { watchPresence, type Presence, type PresenceOptions } from "../../client/presence.ts";
import { Client } from "../support/client.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { socketClass } from "./support.ts";

type Asked = { cursor?: string };
type Answers = (asked: Asked, answer: (reply: object) => object) => object[];

/** A class of sockets whose other side answers as a stack does in an order that is rare. */
function answering(answers: Answers) {
  const asked: Asked[] = [];
  class Answering {
    readyState = 1;
    onopen: (() => void) | undefined;
    onmessage: ((event: { data: string }) => void) | undefined;
    onclose: unknown;
    onerror: unknown;

    constructor() {
      setImmediate(() => this.onopen?.());
    }

    send(text: string): void {
      const { ref, ...frame } = JSON.parse(text) as Asked & { ref: string };
      asked.push(frame);
      for (const one of answers(frame, (reply) => ({ ...reply, ref }))) {
        this.onmessage?.({ data: JSON.stringify(one) });
      }
    }

    close(): void {
      this.readyState = 3;
    }
  }
  return { Class: Answering, asked };
}

describe("a watch of who is on a channel", function () {
  this.timeout(60_000);
  const open = new Set<Presence>();
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack({ config: { presenceGraceSeconds: "0", presenceLimit: "3" } });
  });
  afterEach(() => {
    for (const presence of open) presence.close();
    open.clear();
  });
  after(() => stack.close());

  const member = (name: string, channel: string) =>
    Client.connect(`${stack.websocketUrl}?channel=${channel}&member=${name}`);
  /** Watches as the member `me`; `until` waits for a change after which something is so. */
  const watch = (channel: string, options: PresenceOptions = {}) => {
    const { Class: WebSocket, sockets } = socketClass();
    const changes = new EventTarget();
    const presence = watchPresence(`${stack.websocketUrl}?member=me`, channel, {
      ...{ WebSocket, retryMilliseconds: [20, 100], ...options },
      onChange: () => changes.dispatchEvent(new Event("change")),
    });
    open.add(presence);
    const until = async (isSo: (presence: Presence) => boolean) => {
      while (!isSo(presence)) {
        await new Promise((resolve) => {
          changes.addEventListener("change", resolve, { once: true });
        });
      }
    };
    const untilHere = (...names: string[]) =>
      until(({ members }) => members.map(({ member }) => member).join() === names.join());
    return { presence, sockets, until, untilHere };
  };

  it("has those who are there, and follows who comes and goes", async () => {
    const ann = await member("ann", "news");
    const { presence, untilHere } = watch("news");
    assert.deepEqual([presence.members, presence.state], [[], "connecting"]);
    await presence.ready;
    assert.deepEqual(presence.members, [{ member: "ann" }, { member: "me" }]);
    const ben = await member("ben", "news");
    await untilHere("ann", "ben", "me");
    await ann.close();
    await untilHere("ben", "me");
    const again = await member("ann", "news");
    await untilHere("ann", "ben", "me");
    await ben.close();
    await untilHere("ann", "me");
    await again.close();
    await untilHere("me");
    assert.equal(presence.limited, false);
  });

  it("keeps the members over a cut, and then has those who are there", async () => {
    const ann = await member("ann", "cut");
    let connections = 0;
    const gate: { open?: () => void } = {};
    const opened = new Promise<void>((resolve) => (gate.open = resolve));
    const url = async () => {
      if (++connections > 1) await opened;
      return `${stack.websocketUrl}?member=me`;
    };
    const { Class: WebSocket, sockets } = socketClass();
    const shown: string[] = [];
    const states = new EventTarget();
    const presence = watchPresence(url, "cut", {
      ...{ WebSocket, retryMilliseconds: [20, 100] },
      onChange({ state, members }) {
        shown.push(`${state} ${members.map(({ member }) => member).join()}`);
        states.dispatchEvent(new Event("change"));
      },
    });
    open.add(presence);
    const untilShown = async (line: string) => {
      while (shown.at(-1) !== line) {
        await new Promise((resolve) => {
          states.addEventListener("change", resolve, { once: true });
        });
      }
    };
    await untilShown("connected ann,me");
    for (const socket of sockets) socket.terminate();
    await untilShown("connecting ann,me");
    await ann.close();
    const ben = await member("ben", "cut");
    gate.open?.();
    await untilShown("connected ben,me");
    await ben.close();
    await untilShown("connected me");
    // Nothing but these was shown: never a part of a list.
    const lists = new Set(shown.map((line) => line.split(" ")[1]));
    assert.deepEqual([...lists], ["", "ann,me", "ben,me", "me"]);
  });

  it("says that there are too many, and has none then, until the next connection", async () => {
    const { presence, sockets, until, untilHere } = watch("full");
    await presence.ready;
    const others = await Promise.all(["ann", "ben", "cid"].map((name) => member(name, "full")));
    await until(({ limited }) => limited);
    assert.deepEqual(presence.members, []);
    // And whoever begins to watch is told so at once.
    const late = watch("full");
    await late.presence.ready;
    assert.deepEqual([late.presence.limited, late.presence.members], [true, []]);
    await others[0]?.close();
    for (const socket of sockets) socket.terminate();
    await untilHere("ben", "cid", "me");
    assert.equal(presence.limited, false);
  });

  const ann = { member: "ann", revision: 4 };
  const firstPage = {
    ...{ type: "subscribed", channel: "news", cursor: "next" },
    members: [ann, { member: "ben", revision: 2, info: { nick: "b" } }],
  };
  const lastPage = {
    ...{ type: "presence", channel: "news", cursor: null },
    members: [{ member: "cid", revision: 1 }],
  };

  it("reads a list of several pages, and what it is told meanwhile counts by its revision", async () => {
    const { Class: WebSocket, asked } = answering(({ cursor }, answer) =>
      cursor === undefined
        ? [
            { type: "left", channel: "news", member: "ann", revision: 5 },
            { type: "joined", channel: "other", member: "eve", revision: 1 },
            answer(firstPage),
          ]
        : [
            answer(lastPage),
            { type: "joined", channel: "news", member: "ann", revision: 3 },
            { type: "joined", channel: "news", member: "dan", revision: 1, info: 7 },
          ],
    );
    const { presence, untilHere } = watch("news", { WebSocket });
    await untilHere("ben", "cid", "dan");
    assert.deepEqual(presence.members, [
      { member: "ben", info: { nick: "b" } },
      { member: "cid" },
      { member: "dan", info: 7 },
    ]);
    assert.deepEqual(asked, [
      { action: "subscribe", channel: "news", presence: true },
      { action: "presence", channel: "news", cursor: "next", limit: 1000 },
    ]);
  });

  it("believes that there are too many where it is told so before it has all of the list", async () => {
    const { Class: WebSocket } = answering(({ cursor }, answer) =>
      cursor === undefined
        ? [answer(firstPage), { type: "limited", channel: "news" }]
        : [answer(lastPage)],
    );
    const { presence } = watch("news", { WebSocket });
    await presence.ready;
    assert.deepEqual([presence.limited, presence.members], [true, []]);
  });

  it("is over where the stack refuses it, and says why", async () => {
    const { presence } = watch("no spaces");
    await assert.rejects(presence.ready, { name: "Error", code: "invalid-channel" });
    assert.deepEqual([presence.state, presence.members], ["failed", []]);
    assert.match(String(presence.error), /no spaces|channel/);
  });
});
