import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { ask, connectAs, problem } from "../../support/transcript.ts";

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
const frameBytes = 128 * 1024;

const path = "POST /channels/news/messages";
const asJson = { "content-type": "application/json" };

/** Bytes of the envelope with the longest possible id. */
const envelopeBytes = JSON.stringify({
  ...{ type: "message", channel: "news", id: `longer-${Number.MAX_SAFE_INTEGER}`, data: "" },
  time: new Date().toISOString(),
}).length;

const tooLarge = (bytes: number) =>
  problem(
    413,
    "too-large",
    `The message takes ${bytes} bytes with its envelope: it may take up to 131072.`,
  );

describe("the size of a message", () => {
  let stack: TestStack;
  let plain: Client;
  let json: Client;
  before(async () => {
    stack = await startTestStack();
    plain = await Client.connect(`${stack.websocketUrl}?channel=news`);
    json = await Client.connect(`${stack.websocketUrl}?channel=news`, ["channels.v1"]);
  });
  after(() => stack.close());

  it("is that of its envelope where that is the larger, and may be 128 KB", async () => {
    const most = frameBytes - envelopeBytes;
    // A quotation mark takes two bytes in JSON, an umlaut two and an emoji four in UTF-8.
    for (const [character, bytes] of [
      ["x", 1],
      ['"', 2],
      ["ü", 2],
      ["😀", 4],
    ] as const) {
      const text = character.repeat(Math.floor(most / bytes)) + "x".repeat(most % bytes);
      assert.match(
        await ask(stack.httpUrl, path, text),
        /^200 .*"delivered":2,"gone":0,"failed":0,"pending":0/,
      );
      assert.ok((await plain.next()) === text);
      assert.ok((JSON.parse(await json.next()) as { data: unknown }).data === text);
      assert.equal(await ask(stack.httpUrl, path, `${text}x`), tooLarge(frameBytes + 1));
    }
  });

  it("counts the white space of JSON, which is delivered as it was written", async () => {
    // The envelope has the text as it is, without quotation marks.
    const text = `[1${" ".repeat(frameBytes - envelopeBytes - 1)}]`;
    assert.match(await ask(stack.httpUrl, path, text, asJson), /^200 .*"delivered":2,/);
    assert.ok((await plain.next()) === text);
    assert.deepEqual((JSON.parse(await json.next()) as { data: unknown }).data, [1]);
    assert.equal(await ask(stack.httpUrl, path, `${text} `, asJson), tooLarge(frameBytes + 1));
  });

  it("is what a body is refused by, also where it is no JSON or no UTF-8 either", async () => {
    const { client, id } = await connectAs(stack);
    const notUtf8 = Buffer.alloc(frameBytes + 1, 0xff);
    for (const line of [path, "POST /", `POST /connections/${id}`]) {
      for (const headers of [asJson, {}]) {
        const body = "[".repeat(frameBytes + 1);
        assert.equal(await ask(stack.httpUrl, line, body, headers), tooLarge(frameBytes + 1));
      }
      // A body of another type than text or JSON comes in base64.
      const headers = { "content-type": "application/octet-stream" };
      const answer = await ask(stack.httpUrl, line, notUtf8, headers);
      assert.equal(answer, tooLarge(frameBytes + 1));
    }
    await client.close();
  });

  it("counts for what is sent to one connection as well", async () => {
    const { client, id } = await connectAs(stack);
    const envelope = { type: "direct", data: "", time: new Date().toISOString() };
    const most = frameBytes - JSON.stringify(envelope).length;
    const line = `POST /connections/${id}`;
    assert.match(await ask(stack.httpUrl, line, "x".repeat(most)), /^200 .*"delivered":1}$/);
    assert.equal((await client.next()).length, most);
    assert.equal(await ask(stack.httpUrl, line, "x".repeat(most + 1)), tooLarge(frameBytes + 1));
  });

  it("that is refused takes no id and reaches nobody", async () => {
    const history = await ask(stack.httpUrl, "GET /channels/news/messages?limit=1");
    await ask(stack.httpUrl, path, "x".repeat(frameBytes));
    assert.equal(await ask(stack.httpUrl, "GET /channels/news/messages?limit=1"), history);
    assert.match(await ask(stack.httpUrl, "POST /channels/news/messages", "next"), /^200 /);
    assert.deepEqual([await plain.next(), plain.unread], ["next", []]);
  });

  it("may be less where the stack says so", async () => {
    const small = await startTestStack({
      config: { "websocket-channels:maxMessageBytes": "200" },
    });
    try {
      const { client, id } = await connectAs(small);
      for (const line of ["POST /", `POST /connections/${id}`]) {
        assert.match(await ask(small.httpUrl, line, "x".repeat(60)), /^200 /);
        assert.equal((await client.next()).length, 60);
        assert.match(
          await ask(small.httpUrl, line, "x".repeat(200)),
          /^413 .*"The message takes \d{3} bytes with its envelope: it may take up to 200\."}$/,
        );
      }
    } finally {
      await small.close();
    }
  });
});
