import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";

const codes = {
  "invalid-channel":
    "A channel's name is 1 to 128 letters, digits, _ . : or -, beginning with a letter or digit.",
  "invalid-data": 'There is no "data": it takes text, or any other JSON.',
  "invalid-since": '"since" takes the id of a message, as "k3f9x2-42", or null.',
  "unknown-since": '"since" is no id of this channel: leave it out to read on from the oldest.',
  "invalid-limit": '"limit" takes a whole number from 1 to 1000.',
};

const channel = "news";
const longName = "n".repeat(129);

/** Frames that name an action and are wrong, with what is wrong. */
const wrong: [frame: unknown, code: keyof typeof codes][] = [
  ...["subscribe", "unsubscribe", "publish", "history"].flatMap((action) =>
    [undefined, null, 7, "", "no spaces", "-news", "news#0", "ünews", longName, ["news"], {}].map(
      (name): [unknown, keyof typeof codes] => [
        { action, channel: name, data: "x" },
        "invalid-channel",
      ],
    ),
  ),
  [{ action: "publish", channel }, "invalid-data"],
  [{ action: "publish", channel, data: "" }, "invalid-data"],
  [{ action: "subscribe", channel, since: 1 }, "invalid-since"],
  [{ action: "subscribe", channel, since: false }, "invalid-since"],
  [{ action: "history", channel, since: {} }, "invalid-since"],
  [{ action: "history", channel, since: "other-1" }, "unknown-since"],
  ...[0, -1, 1.5, 1001, "", "ten", null, true].map((limit): [unknown, keyof typeof codes] => [
    { action: "history", channel, limit },
    "invalid-limit",
  ]),
];

/** Frames that name no action. */
const unknown = [
  ...["hello", "{", '{"action":', "null", "[]", '"ping"', "{}", '["ping"]', '{"action":null}'],
  ...['{"action":"dance"}', '{"action":"Ping"}', '{"action":["ping"]}', '{"action":"$default"}'],
  ...['{"action":"constructor"}', '{"type":"ping"}', '{"Action":"ping"}'],
];

for (const kind of ["plain", "channels.v1"] as const) {
  describe(`a bad frame of a ${kind} client`, () => {
    let stack: TestStack;
    let client: Client;
    before(async () => {
      stack = await startTestStack();
      client = await Client.connect(stack.websocketUrl, kind === "plain" ? [] : [kind]);
    });
    after(() => stack.close());

    it("is answered by what is wrong and what would be right, and changes nothing", async () => {
      const items = await stack.items();
      for (const [frame, code] of wrong) {
        assert.deepEqual(
          [frame, await client.ask(frame)],
          [frame, error(code === "unknown-since" ? "invalid-since" : code, codes[code])],
        );
      }
      assert.deepEqual(await stack.items(), items);
      assert.equal(await client.ask({ action: "ping" }), '{"type":"pong"}');
    });

    it(`is ${kind === "plain" ? "echoed" : "an error"} where it names no action`, async () => {
      const told = error(
        "unknown-action",
        'A frame is a JSON object with an "action": history, ping, presence, publish, subscribe, unsubscribe.',
      );
      for (const frame of unknown) {
        const answer = kind === "plain" ? frame : told;
        assert.deepEqual([frame, await client.ask(frame)], [frame, answer]);
      }
      assert.equal(await client.ask({ action: "ping" }), '{"type":"pong"}');
    });

    it("that is too large for anyone to get is an error, and takes no id", async () => {
      const [begin, end] = ['{"action":"publish","channel":"test","data":"', '"}'];
      // A client's message has frames of up to 32 KB, and may take 128 KB in all.
      const most = 128 * 1024 - begin.length - end.length;
      client.sendInFrames(begin + "x".repeat(most) + end);
      assert.match(
        await client.next(),
        /^\{"type":"error","code":"too-large","message":"The message takes \d{6} bytes with its envelope: it may take up to 131072\."\}$/,
      );
      assert.match(
        await client.ask({ action: "history", channel: "test" }),
        /"messages":\[\],"more":false,"last":null\}$/,
      );
    });
  });
}

function error(code: string, message: string): string {
  return JSON.stringify({ type: "error", code, message });
}
