import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { ask } from "../../support/transcript.ts";

/** JSON that is another text, or another value, once a program has read and written it. */
const texts = [
  "1e400",
  "-1E+999",
  "9007199254740993",
  "123456789012345678901234567890",
  "-0",
  "1.10",
  "1E2",
  "0.1000000000000000055511151231257827",
  '{"a":1,"a":2}',
  '{"2":0,"1":0}',
  '{ "price" : 3.00,\t"sizes":[ 1 , 2 ]\n}',
  String.raw`"\u0041\/\ud83d\ude00"`,
  String.raw`{"half":"\ud800"}`,
  '"grüße \u{1f44b}"',
  "null",
];
const path = "POST /channels/news/messages";
const asJson = { "content-type": "application/json" };

describe("published JSON", () => {
  for (const [how, inlineRecipients] of [
    ["by the publish itself", "1000"],
    ["through the queue", "1"],
  ] as const) {
    describe(`delivered ${how}`, () => {
      let stack: TestStack;
      let plain: Client[];
      let json: Client[];
      let publisher: Client;
      before(async () => {
        const config = { "websocket-channels:inlineRecipients": inlineRecipients };
        stack = await startTestStack({ config });
        const url = `${stack.websocketUrl}?channel=news`;
        // One may be served by the publish all the same: of two the other one is by the queue.
        plain = [await Client.connect(url), await Client.connect(url)];
        json = [
          await Client.connect(url, ["channels.v1"]),
          await Client.connect(url, ["channels.v1"]),
        ];
        publisher = await Client.connect(stack.websocketUrl, ["channels.v1"]);
      });
      after(() => stack.close());

      const dataIn = (text: string) => /"data":([^]*),"time":"[^"]*"\}/.exec(text)?.[1];

      /** What the clients got, and the history as it is answered and sent in a frame. */
      async function assertDelivered(text: string, read = text): Promise<void> {
        for (const client of plain) assert.equal(await client.next(), text);
        for (const client of json) assert.equal(dataIn(await client.next()), read);
        const last = JSON.parse(
          await publisher.ask({ action: "history", channel: "news", limit: 1 }),
        ) as { last: string };
        const [, epoch = "", number = ""] = /^(\w+)-(\d+)$/.exec(last.last) ?? [];
        const since = `${epoch}-${Number(number) - 1}`;
        const line = `GET /channels/news/messages?since=${since}`;
        const answered = await ask(stack.httpUrl, line);
        assert.equal(dataIn(answered), read);
        const frame = await publisher.ask({ action: "history", channel: "news", since });
        assert.equal(dataIn(frame), read);
      }

      for (const text of texts) {
        it(`is ${text} as it was written, from a request and from a frame`, async () => {
          assert.match(await ask(stack.httpUrl, path, text, asJson), /^20[02] /);
          await assertDelivered(text);
          const isText = text.startsWith('"');
          const frame = `{"action":"publish", "channel":"news", "data" : ${text} }`;
          assert.match(await publisher.ask(frame), /"published"/);
          // A text in a frame is the text that it says.
          const said = isText ? String(JSON.parse(text)) : text;
          await assertDelivered(said, isText ? JSON.stringify(said) : text);
        });
      }

      it("is the last of several in a frame", async () => {
        const frame = `{"data":1e400,"action":"publish","channel":"news","d":0,"data":{"n": 1e401}}`;
        assert.match(await publisher.ask(frame), /"published"/);
        await assertDelivered('{"n": 1e401}');
        const escaped = String.raw`{"data":1,"action":"publish","channel":"news","d\u0061ta":2.0}`;
        assert.match(await publisher.ask(escaped), /"published"/);
        await assertDelivered("2.0");
      });

      it("is refused where a frame's text has half of a surrogate pair", async () => {
        for (const half of [String.raw`\ud800`, String.raw`a\udc00b`, String.raw`\ude00\ud83d`]) {
          const frame = `{"action":"publish","channel":"news","data":"${half}"}`;
          assert.match(await publisher.ask(frame), /^\{"type":"error","code":"invalid-data",/);
        }
        for (const { unread } of [...plain, ...json]) assert.deepEqual(unread, []);
      });
    });
  }
});
