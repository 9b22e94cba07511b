import assert from "node:assert/strict";
import { connect, type Channels, type Gap, type Message } from "../../client/index.ts";
import { readFaults } from "../../local/cli/read-faults.ts";
import { seeded } from "../faults/faulty.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { request } from "../support/transcript.ts";
import { assertEachOnce, assertInOrder, TestSocket } from "./support.ts";

// CLIENT_MESSAGES=10000 does the same for longer, with 500 cuts.
const messages = Number(process.env.CLIENT_MESSAGES ?? 200);
const cuts = messages / 20;

describe("a client that is cut", () => {
  const random = seeded(1);
  const clients: Channels[] = [];
  const sockets = new Set<CutSocket>();
  let stack: TestStack;
  let cutsLeft = cuts;
  let cutsMade = 0;
  let resumes = 0;
  let resumesCut = 0;

  /** A socket that is cut in the first resume and in every fourth then, as soon as that has brought a frame. */
  class CutSocket extends TestSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols);
      sockets.add(this);
      this.on("close", () => sockets.delete(this));
    }

    override send(frame: string): void {
      super.send(frame);
      if (!frame.includes('"since":"') || cutsLeft === 0 || resumes++ % 4 > 0) return;
      this.once("message", () => {
        if (cutsLeft > 0) cutsLeft -= 1;
        resumesCut += 1;
        this.terminate();
      });
    }
  }

  before(async () => {
    const faults = readFaults(["post:429:3%", "post:500:1%", "dynamodb:throttle:1%"], random);
    stack = await startTestStack({ faults });
  });
  after(async () => {
    for (const client of clients) client.close();
    await stack.close();
  });

  const open = () => {
    const client = connect(stack.websocketUrl, {
      WebSocket: CutSocket,
      retryMilliseconds: [20, 100],
      orderMilliseconds: 600_000,
    });
    clients.push(client);
    return client;
  };

  it(`gets each of ${messages} messages once and in order in ${cuts} cuts, and knows of no gap`, async () => {
    const received: Message[] = [];
    const gaps: Gap[] = [];
    let onAll!: () => void;
    const all = new Promise<void>((resolve) => (onAll = resolve));
    const news = open().subscribe("news", {
      onMessage(message) {
        received.push(message);
        if (received.length === messages) onAll();
      },
      onGap: (gap) => gaps.push(gap),
    });
    await news.ready;

    let published = 0;
    const publishAll = async (publisher: Channels) => {
      while (published < messages) {
        const number = published++;
        await publisher.publish("news", number);
        if (number % 20 === 0 || published > messages - cutsLeft) await cut();
      }
    };
    await Promise.all([publishAll(open()), publishAll(open())]);
    await all;
    assert.deepEqual(gaps, []);
    assert.equal(cutsLeft, 0);
    assert.ok(resumesCut > 0);
    assertInOrder(received);
    assertEachOnce(received, messages);
  });

  /** Ends who listens, by a request to the stack and with a close frame, and any of the sockets, without, in turn. */
  async function cut(): Promise<void> {
    if (cutsLeft === 0) return;
    cutsLeft -= 1;
    const [socket] = [...sockets].slice(Math.floor(random() * sockets.size));
    if (cutsMade++ % 2 > 0) socket?.terminate();
    else {
      const list = await request(stack.httpUrl, "GET /channels/news/connections");
      const { connections = [] } = (await list.json()) as {
        connections?: { connectionId: string }[];
      };
      const [{ connectionId } = { connectionId: "" }] = connections;
      if (connectionId) await request(stack.httpUrl, `DELETE /connections/${connectionId}`);
      else socket?.terminate();
    }
  }
});
