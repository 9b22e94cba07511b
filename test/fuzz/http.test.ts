import assert from "node:assert/strict";
import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { newId } from "../../local/websocket/id.ts";
import { connectAs } from "../support/transcript.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { fuzz } from "./fuzz.ts";
import { invokeHttp } from "../support/invoke.ts";
import { keepMessages } from "./kept-messages.ts";
import { numRuns } from "./runs.ts";
import { anyText, channelName, fewNames, jsonText, messageId, text } from "./texts.ts";

const toChannel = "POST /channels/{channel}/messages";
const contentType = fc.oneof(
  fc.constantFrom("application/json", "Application/JSON ; charset=utf-8", "text/plain", ""),
  text,
);

describe("the http function, whatever it is invoked with", function () {
  this.timeout(numRuns * 1_000);
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack();
  });
  after(() => stack.close());

  it("passes a body on as it came, or says what is wrong with it", async () => {
    const { client, id } = await connectAs(stack, "?channel=elsewhere");
    const route = fc.constantFrom("POST /", toChannel, "POST /connections/{id}");
    const bytes = fc.oneof(
      fc.uint8Array().map((array) => Buffer.from(array)),
      fc.oneof(text, jsonText).map((value) => Buffer.from(value)),
      fc.nat(140_000).map((length) => Buffer.alloc(length, "x")),
    );
    const property = fc.asyncProperty(
      ...([route, contentType, bytes, fc.boolean()] as const),
      async (routeKey, type, content, inBase64) => {
        const isBase64Encoded = inBase64 || !isUtf8(content);
        const { status } = await invokeHttp(stack, routeKey, {
          headers: { "content-type": type },
          pathParameters: { channel: "bodies", id },
          body: content.toString(isBase64Encoded ? "base64" : "utf8"),
          isBase64Encoded,
        });
        assert.ok([200, 400, 413, 415].includes(status));
        assert.equal(status === 415, !isUtf8(content));
        if (status !== 200 || routeKey !== "POST /connections/{id}") return;
        assert.equal(await client.next(), content.toString());
      },
    );
    await fuzz(stack, property);
  });

  it("answers a repeat of an Idempotency-Key as the first time, and takes no other key", async () => {
    const key = fc.oneof(
      fc.constantFrom("key", ...fewNames),
      fc.stringMatching(/^[!-~]{1,300}$/),
      text,
    );
    const others = fc.dictionary(anyText, text);
    const first = new Map<string, { content: string; answer: unknown }>();
    const property = fc.asyncProperty(
      ...([fc.constantFrom("a", "b"), key, contentType, jsonText, others] as const),
      async (channel, idempotencyKey, type, content, headers) => {
        const { status, body } = await invokeHttp(stack, toChannel, {
          headers: { ...headers, "content-type": type, "idempotency-key": idempotencyKey },
          pathParameters: { channel },
          body: content,
        });
        const isKey = /^[!-~]{1,255}$/.test(idempotencyKey);
        assert.ok((isKey ? [200, 400, 413, 422] : [400]).includes(status));
        assert.ok(!isKey || body.code !== "invalid-idempotency-key");
        if (status !== 200) return;
        const request = `${channel} ${idempotencyKey}`;
        const before = first.get(request) ?? { content, answer: body };
        assert.deepEqual({ content, answer: body }, before);
        first.set(request, before);
      },
    );
    await fuzz(stack, property);
  });

  it("answers a batch by a result for each message, or says what is wrong with it", async () => {
    const members = fc.record(
      {
        channel: fc.oneof(channelName, fc.jsonValue()),
        data: fc.jsonValue(),
        exclude: fc.oneof(fc.constant(newId()), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    const list = fc.array(fc.oneof({ weight: 9, arbitrary: members }, fc.jsonValue()), {
      maxLength: 11,
    });
    const body = fc.oneof(
      { weight: 4, arbitrary: list.map((messages) => JSON.stringify({ messages })) },
      ...[jsonText, text],
    );
    const property = fc.asyncProperty(body, async (sent) => {
      const { status, body: answer } = await invokeHttp(stack, "POST /messages", { body: sent });
      assert.ok([200, 207, 400].includes(status), String(status));
      if (status === 400) return;
      const { messages } = JSON.parse(sent) as { messages: { channel: unknown }[] };
      const results = answer.results as { channel?: unknown; code?: string }[];
      assert.equal(results.length, messages.length);
      for (const [index, { channel, code }] of results.entries()) {
        if (code === undefined) assert.equal(channel, messages[index]?.channel);
        else assert.match(code, /^invalid-(channel|connection|data)$/);
      }
      assert.equal(
        status === 207,
        results.some(({ code }) => code !== undefined),
      );
    });
    await fuzz(stack, property);
  });

  it("takes a query that makes sense, and refuses any other", async () => {
    const epochs = await keepMessages(stack);
    const routeKey = fc.constantFrom(
      ...["GET /channels", "GET /channels/{channel}/messages"],
      "GET /channels/{channel}/connections",
    );
    const limit = fc.oneof(fc.integer({ min: -1, max: 1002 }).map(String), text);
    const query = fc.tuple(
      fc.dictionary(anyText, text),
      fc.record(
        { limit, cursor: text, since: fc.oneof(messageId(epochs), text) },
        { requiredKeys: [] },
      ),
    );
    const channel = fc.constantFrom("nobody", ...fewNames);
    const property = fc.asyncProperty(
      routeKey,
      channel,
      query,
      async (key, name, [other, known]) => {
        const queryStringParameters = { ...other, ...known };
        const { status, body } = await invokeHttp(stack, key, {
          pathParameters: { channel: name },
          queryStringParameters,
        });
        assert.ok(status === 200 || status === 400);
        const most = Number(queryStringParameters.limit ?? 100);
        const entries = body.channels ?? body.messages ?? body.connections;
        if (status === 200) assert.ok(Array.isArray(entries) && entries.length <= most);
      },
    );
    await fuzz(stack, property);
  });

  it("takes the names of channels and the ids of connections in a path, and refuses others", async () => {
    const value = fc.oneof(
      ...[channelName, text, fc.constant(newId()), fc.stringMatching(/^[\w+/=-]{14,17}$/)],
    );
    const present = value.filter((one) => one !== "");
    const routeKey = fc.constantFrom(
      ...["GET /channels/{channel}/messages", "GET /channels/{channel}/connections", toChannel],
      ...["GET /connections/{id}", "POST /connections/{id}", "DELETE /connections/{id}"],
    );
    const property = fc.asyncProperty(routeKey, present, async (key, name) => {
      const { status } = await invokeHttp(stack, key, {
        pathParameters: { channel: name, id: name },
        body: "x",
      });
      if (key.includes("{id}")) assert.equal(status, /^[\w+/-]{15}=$/.test(name) ? 404 : 400);
      else assert.equal(status, /^[a-z0-9][\w.:-]{0,127}$/i.test(name) ? 200 : 400);
    });
    await fuzz(stack, property);
  });
});
