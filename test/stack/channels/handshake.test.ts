import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { ask, connectAs } from "../../support/transcript.ts";

describe("a handshake", () => {
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack();
  });
  after(() => stack.close());

  /** Connects, and returns the channels to which the connection is subscribed. */
  async function channelsOf(query: string): Promise<string[]> {
    const { id } = await connectAs(stack, query);
    const items = await stack.items();
    return items.flatMap((item) =>
      item.endsWith(id) ? (/^channel#(\S+)#0 /.exec(item)?.[1] ?? []) : [],
    );
  }

  it("subscribes to each channel that it names, once, or else to the default one", async () => {
    assert.deepEqual(await channelsOf("?channel=news&channel=sport&channel=news"), [
      "news",
      "sport",
    ]);
    assert.deepEqual(await channelsOf(""), ["test"]);
  });

  it("subscribes to none by a channel without a name, and to one by its first frame then", async () => {
    assert.deepEqual(await channelsOf("?channel="), []);
    const client = await Client.connect(`${stack.websocketUrl}?channel=`);
    await client.ask({ action: "subscribe", channel: "first" });
    await ask(stack.httpUrl, "POST /channels/first/messages", "hi");
    assert.equal(await client.next(), "hi");
  });

  it("is a subscriber of the very next message", async () => {
    for (let round = 1; round <= 10; round++) {
      const client = await Client.connect(`${stack.websocketUrl}?channel=busy`);
      await ask(stack.httpUrl, "POST /channels/busy/messages", `message ${round}`);
      assert.equal(await client.next(), `message ${round}`);
    }
  });

  it("takes channels.v1 among the subprotocols that it offers, and no other", async () => {
    const both = await Client.connect(stack.websocketUrl, ["mqtt", "channels.v1"]);
    assert.equal(both.socket.protocol, "channels.v1");
    await assert.rejects(Client.connect(stack.websocketUrl, ["mqtt"]), {
      message: "Server sent no subprotocol",
    });
  });

  it("is refused for a bad channel or for too many, and leaves nothing", async () => {
    const query = (count: number) =>
      Array.from({ length: count }, (_, index) => `channel=c${index}`).join("&");
    const items = await stack.items();
    const refusals: [query: string, status: number][] = [
      ["channel=no%20spaces", 400],
      ["channel=news&channel=", 400],
      ["channel=news%230", 400],
      [query(101), 409],
    ];
    for (const [text, status] of refusals) {
      await assert.rejects(Client.connect(`${stack.websocketUrl}?${text}`), {
        message: `Unexpected server response: ${status}`,
      });
    }
    assert.deepEqual(
      (await stack.items()).filter((item) => !items.includes(item)),
      [],
    );
    assert.equal((await channelsOf(`?${query(100)}`)).length, 100);
  });
});
