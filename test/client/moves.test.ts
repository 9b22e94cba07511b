import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import type { Channels } from "../../client/index.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { request } from "../support/transcript.ts";
import { clientWith, ManualTimers } from "./manual-timers.ts";
import { TestSocket } from "./support.ts";

// CLIENT_MOVES=100 does the same for longer.
const moves = Number(process.env.CLIENT_MOVES ?? 15);

describe("a client that moves to the next connection", () => {
  let stack: TestStack;
  let client: Channels;
  let begun = 0;
  let open = 0;
  let ended = 0;
  let fewest = Infinity;
  const timers = new ManualTimers();

  class CountedSocket extends TestSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols);
      begun += 1;
      this.on("open", () => {
        open += 1;
      });
      this.on("close", () => {
        open -= 1;
        ended += 1;
        fewest = Math.min(fewest, open);
      });
    }
  }
  before(async () => {
    stack = await startTestStack();
    const { connect } = await clientWith(timers);
    client = connect(stack.websocketUrl, {
      WebSocket: CountedSocket,
      // Time passes by hours here: no reply would come in time.
      pingMilliseconds: 1e9,
    });
  });
  after(async () => {
    client.close();
    await stack.close();
  });

  it(`has one open all the while in ${moves} moves, and gets each message once and in order`, async () => {
    const received: unknown[] = [];
    const states: string[] = [];
    const news = client.subscribe("news", {
      onMessage: ({ data }) => received.push(data),
      onGap: (gap) => assert.fail(JSON.stringify(gap)),
    });
    await news.ready;
    client.addEventListener("statechange", () => states.push(client.state));
    let published = 0;
    const publish = () =>
      request(stack.httpUrl, "POST /channels/news/messages", String(published++));
    for (let move = 1; move <= moves; move++) {
      // The next one is due from 5 minutes before the end of the 2 hours on.
      timers.advance(7_200_000 - 300_000);
      while (begun <= move) {
        timers.advance(10_000);
        // The client asks for its URL in a turn of its own.
        await setImmediate();
      }
      do {
        timers.advance(1);
        await publish();
      } while (ended < move);
    }
    while (received.length < published) await publish();
    assert.deepEqual(
      received,
      Array.from({ length: published }, (_, index) => String(index)),
    );
    assert.ok(fewest >= 1);
    assert.deepEqual(states, []);
  });

  it("is closed for good, also in the middle of a move", async () => {
    const before = begun;
    // The next one is open, and no subscription has joined it yet.
    while (open < 2) {
      if (begun === before) timers.advance(100_000);
      await setImmediate();
    }
    client.close();
    while (open > 0) await setImmediate();
    assert.equal(client.state, "closed");
  });
});
