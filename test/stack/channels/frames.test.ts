import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { ask, connectionIds, normalised } from "../../support/transcript.ts";

/** A frame of a client, and every frame that it gets then: the second of two is a plain client's. */
type Row = [says: unknown, ...hears: (string | [json: string, plain: string])[]];

const one = '"channel":"news","id":"epoch-1","data":{"goal":1},"time":"TIME"}';
const two = '"channel":"news","id":"epoch-2","data":"two","time":"TIME"}';

const rows: Row[] = [
  [{ action: "ping" }, '{"type":"pong"}'],
  [
    { action: "subscribe", channel: "news" },
    '{"type":"subscribed","channel":"news","last":null,"revision":2}',
  ],
  [
    { action: "publish", channel: "news", data: { goal: 1 } },
    [`{"type":"message",${one}`, '{"goal":1}'],
    '{"type":"published","channel":"news","id":"epoch-1"}',
  ],
  [
    { action: "publish", channel: "news", data: "two" },
    [`{"type":"message",${two}`, "two"],
    '{"type":"published","channel":"news","id":"epoch-2"}',
  ],
  [
    { action: "history", channel: "news", limit: 1 },
    '{"type":"history","channel":"news","messages":[{"id":"epoch-1","data":{"goal":1},' +
      '"time":"TIME"}],"more":true,"last":"epoch-2"}',
  ],
  [
    { action: "history", channel: "news", since: "epoch-1" },
    '{"type":"history","channel":"news","messages":[{"id":"epoch-2","data":"two",' +
      '"time":"TIME"}],"more":false,"last":"epoch-2"}',
  ],
  [
    { action: "history", channel: "unused" },
    '{"type":"history","channel":"unused","messages":[],"more":false,"last":null}',
  ],
  [
    { action: "unsubscribe", channel: "news" },
    '{"type":"unsubscribed","channel":"news","revision":3}',
  ],
  [
    { action: "publish", channel: "news", data: false },
    '{"type":"published","channel":"news","id":"epoch-3"}',
  ],
  [
    { action: "subscribe", channel: "news", since: "epoch-1" },
    [`{"type":"message",${two}`, "two"],
    ['{"type":"message","channel":"news","id":"epoch-3","data":false,"time":"TIME"}', "false"],
    '{"type":"subscribed","channel":"news","last":"epoch-3","recovered":true,"revision":4}',
  ],
  [
    { action: "subscribe", channel: "news", since: "epoch-3" },
    '{"type":"subscribed","channel":"news","last":"epoch-3","recovered":true,"revision":5}',
  ],
];

for (const kind of ["plain", "channels.v1"] as const) {
  describe(`a ${kind} client`, () => {
    let stack: TestStack;
    let client: Client;
    before(async () => {
      stack = await startTestStack();
      client = await Client.connect(stack.websocketUrl, kind === "plain" ? [] : [kind]);
    });
    after(() => stack.close());

    it("has the subprotocol that it has offered", () => {
      assert.equal(client.socket.protocol, kind === "plain" ? "" : kind);
    });

    it("hears of each of its frames what the protocol says", async () => {
      let epoch = "";
      for (const [says, ...hears] of rows) {
        client.send(JSON.stringify(says).replace("epoch", epoch));
        const frames = await client.take(hears.length);
        assert.deepEqual(
          frames.map(normalised),
          hears.map((frame) =>
            typeof frame === "string" ? frame : frame[kind === "plain" ? 1 : 0],
          ),
        );
        epoch = /"id":"(\w+)-\d+"/.exec(frames.join())?.[1] ?? epoch;
      }
      assert.deepEqual(client.unread, []);
    });

    it("hears what is published over HTTP, to its channel and to itself alone", async () => {
      const [id = ""] = await connectionIds(stack);
      await ask(stack.httpUrl, "POST /", "hello");
      await ask(stack.httpUrl, `POST /connections/${id}`, "psst");
      assert.deepEqual(
        (await client.take(2)).map(normalised),
        kind === "plain"
          ? ["hello", "psst"]
          : [
              '{"type":"message","channel":"test","id":"epoch-1","data":"hello","time":"TIME"}',
              '{"type":"direct","data":"psst","time":"TIME"}',
            ],
      );
    });
  });
}
