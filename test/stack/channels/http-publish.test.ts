import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { ask, normalised, problem, whole } from "../../support/transcript.ts";

const path = "POST /channels/news/messages";
const asJson = { "content-type": "application/json" };
const asForm = { "content-type": "application/x-www-form-urlencoded" };

describe("a publish over HTTP", () => {
  let stack: TestStack;
  let plain: Client;
  let json: Client;
  before(async () => {
    stack = await startTestStack();
    plain = await Client.connect(`${stack.websocketUrl}?channel=news&channel=test`);
    json = await Client.connect(`${stack.websocketUrl}?channel=news&channel=test`, ["channels.v1"]);
  });
  after(() => stack.close());

  it("goes to the default channel, or to the one that it names", async () => {
    for (const [line, channel] of [
      ["POST /", "test"],
      [path, "news"],
    ] as const) {
      const id = `"id":"epoch-1"`;
      assert.equal(
        await ask(stack.httpUrl, line, "hello"),
        `200 application/json {${id},"channel":"${channel}","delivered":2,"gone":0,${whole}`,
      );
      assert.equal(await plain.next(), "hello");
      assert.equal(
        normalised(await json.next()),
        `{"type":"message","channel":"${channel}",${id},"data":"hello","time":"TIME"}`,
      );
    }
  });

  it("is fine on a channel that nobody has used", async () => {
    assert.equal(
      await ask(stack.httpUrl, "POST /channels/unused/messages", "hello"),
      `200 application/json {"id":"epoch-1","channel":"unused","delivered":0,"gone":0,${whole}`,
    );
  });

  it("is JSON where its content type says so, and text where it says anything else", async () => {
    const bytes = (text: string) => new Uint8Array(Buffer.from(text));
    const bodies: [body: string | Uint8Array<ArrayBuffer>, headers: object, data: unknown][] = [
      ['{ "goal": 1 }', asJson, { goal: 1 }],
      ["[1,2]", { "content-type": "Application/JSON; charset=utf-8" }, [1, 2]],
      ['"text"', asJson, "text"],
      ["null", asJson, null],
      ['{"goal":1}', { "content-type": "text/plain" }, '{"goal":1}'],
      // With the content type of curl -d, and without one, an HTTP API hands a body over in base64.
      ["grüße=1&ok", asForm, "grüße=1&ok"],
      [bytes("ein 😀 ohne Typ"), {}, "ein 😀 ohne Typ"],
      [bytes("\ufeffmark"), {}, "\ufeffmark"],
    ];
    for (const [body, headers, data] of bodies) {
      const answer = await ask(stack.httpUrl, path, body, { ...headers });
      assert.match(answer, /^200 .*"delivered":2/);
      assert.equal(await plain.next(), Buffer.from(body).toString());
      const frame = JSON.parse(await json.next()) as { data: unknown };
      assert.deepEqual(frame.data, data);
    }
  });

  it("is refused where it cannot be sent, and takes no id", async () => {
    const broken =
      "The body is not JSON: send JSON, or text with another content-type than application/json.";
    const empty = "The body is empty: send the message as the request's body.";
    const notUtf8 = "The body is not UTF-8: a WebSocket text message has to be.";
    const name =
      "A channel's name is 1 to 128 letters, digits, _ . : or -, beginning with a letter or digit.";
    const { httpUrl } = stack;
    const last = await ask(httpUrl, "GET /channels/news/messages");

    for (const bad of [
      "no%20spaces",
      "%20",
      "-news",
      "news%230",
      "n".repeat(129),
      "%FF",
      "a%2Fb",
    ]) {
      assert.equal(
        await ask(httpUrl, `POST /channels/${bad}/messages`, "hello"),
        problem(400, "invalid-channel", name),
      );
    }
    assert.equal(await ask(httpUrl, path), problem(400, "invalid-data", empty));
    assert.equal(await ask(httpUrl, "POST /", "", asJson), problem(400, "invalid-data", empty));
    for (const text of ["{", "hello", "{'a':1}", "[1,]"]) {
      assert.equal(await ask(httpUrl, path, text, asJson), problem(400, "invalid-json", broken));
    }
    for (const bytes of [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80]]) {
      assert.equal(
        await ask(httpUrl, path, Uint8Array.from(bytes), asForm),
        problem(415, "not-utf-8", notUtf8),
      );
    }
    assert.equal(await ask(httpUrl, "GET /channels/news/messages"), last);
    assert.deepEqual([plain.unread, json.unread], [[], []]);
  });
});
