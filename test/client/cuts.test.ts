import assert from "node:assert/strict";
import { WebSocket } from "ws";
import { connect, type Channels, type Gap, type Message } from "../../client/index.ts";
import { request } from "../support/transcript.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { seeded } from "../faults/faulty.ts";

// `npm run soak` does the same for longer.
const messages = Number(process.env.CLIENT_MESSAGES ?? 1_000);
const cuts = messages / 20;

describe("a client that is cut", () => {
  let stack: TestStack;
  const clients: Channels[] = [];
  const sockets = new Set<WebSocket>();

  /** The sockets of the client that is cut. */
  class CutSocket extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { perMessageDeflate: false });
      sockets.add(this);
      this.on("close", () => sockets.delete(this));
    }
  }
  before(async () => {
    stack = await startTestStack();
  });
  after(async () => {
    for (const client of clients) client.close();
    await stack.close();
  });

  const open = () => {
    const client = connect(stack.websocketUrl, {
      WebSocket: CutSocket,
      retryMilliseconds: [20, 100],
      orderMilliseconds: 60_000,
    });
    clients.push(client);
    return client;
  };

  it("gets each message once and in order, whatever it is cut in", async () => {
    const random = seeded(1);
    const received: Message[] = [];
    const gaps: Gap[] = [];
    let onAll!: () => void;
    const all = new Promise<void>((resolve) => (onAll = resolve));
    const listener = open();
    const news = listener.subscribe("news", {
      onMessage(message) {
        received.push(message);
        if (received.length === messages) onAll();
      },
      onGap: (gap) => gaps.push(gap),
    });
    await news.ready;

    let published = 0;
    let cutsLeft = cuts;
    const publishAll = async (publisher: Channels) => {
      while (published < messages) {
        const number = published++;
        await publisher.publish("news", number);
        if (number % 20 === 0 && cutsLeft > 0) {
          cutsLeft -= 1;
          await cut(random);
        }
      }
    };
    await Promise.all([publishAll(open()), publishAll(open())]);
    await all;
    assert.deepEqual(gaps, []);
    const sequences = received.map(({ id }) => Number(id.split("-")[1]));
    assert.deepEqual(
      sequences,
      [...sequences].sort((one, other) => one - other),
    );
    const numbers = received.map(({ data }) => data as number).sort((one, other) => one - other);
    assert.deepEqual(
      numbers,
      Array.from({ length: messages }, (_, index) => index),
    );
  });

  /** Ends one of the sockets, with a close frame or without. */
  async function cut(random: () => number): Promise<void> {
    const [socket] = [...sockets].slice(Math.floor(random() * sockets.size));
    if (random() < 0.5) socket?.terminate();
    else {
      const { connections } = (await (
        await request(stack.httpUrl, "GET /channels/news/connections")
      ).json()) as { connections: { connectionId: string }[] };
      const [connection] = connections;
      if (connection) {
        await request(stack.httpUrl, `DELETE /connections/${connection.connectionId}`);
      }
    }
  }
});
