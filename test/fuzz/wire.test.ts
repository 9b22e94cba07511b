import assert from "node:assert/strict";
import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { text as readText } from "node:stream/consumers";
import fc from "fast-check";
import { Client } from "../support/client.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { fuzz } from "./fuzz.ts";
import { readAnswer } from "../support/invoke.ts";
import { numRuns } from "./runs.ts";
import { channelName, text } from "./texts.ts";

// The characters that Node sends as they are in a path, and in a header's value.
const rawPath = fc.stringMatching(/^[!-~]{0,60}$/);
const rawHeader = fc.stringMatching(/^[\t -~\x80-\xff]{0,60}$/);

describe("over the wire", function () {
  this.timeout(numRuns * 1_000);
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack();
  });
  after(() => stack.close());

  it("a request, whatever its line and its headers, is answered without a 5xx", async () => {
    const segment = fc.oneof(
      channelName,
      text.map((value) => encodeURIComponent(value)),
      rawPath,
    );
    const path = fc.oneof(
      fc.tuple(fc.constant("channels"), segment, fc.constantFrom("messages", "connections")),
      fc.tuple(fc.constant("connections"), segment),
      fc.array(segment, { maxLength: 4 }),
    );
    const query = fc.oneof(
      fc.dictionary(text, text).map((pairs) => new URLSearchParams(pairs).toString()),
      rawPath,
    );
    const headers = fc.record(
      { "content-type": rawHeader, "idempotency-key": rawHeader, origin: rawHeader },
      { requiredKeys: [] },
    );
    const method = fc.constantFrom("GET", "POST", "DELETE", "OPTIONS", "PUT");
    const property = fc.asyncProperty(
      ...([method, path, query, headers, fc.uint8Array()] as const),
      async (verb, segments, search, head, body) => {
        const asked = request(stack.httpUrl, {
          method: verb,
          path: `/staging/${segments.join("/")}?${search}`,
          headers: head,
        });
        asked.end(verb === "POST" ? body : undefined);
        const [response] = (await once(asked, "response")) as [IncomingMessage];
        const { statusCode = 0, headers: answered } = response;
        const answer = await readText(response);
        assert.ok(statusCode < 500, `${statusCode} ${answer}`);
        // API Gateway's own answers have another form than the functions'.
        if (answer === "" || /^\{"message":"[\w ]+"\}$/.test(answer)) return;
        readAnswer(statusCode, answered["content-type"], answer);
      },
    );
    await fuzz(stack, property);
  });

  it("a handshake, whatever its query and its protocols, opens or is refused with a 4xx", async () => {
    const query = fc.array(fc.tuple(fc.oneof(fc.constant("channel"), text), text), {
      maxLength: 3,
    });
    const protocol = fc.oneof(fc.constant("channels.v1"), fc.stringMatching(/^[\w.!#$-]{1,12}$/));
    const property = fc.asyncProperty(
      ...([query, rawPath, fc.uniqueArray(protocol, { maxLength: 3 })] as const),
      async (pairs, tail, offered) => {
        const search = `${new URLSearchParams(pairs).toString()}&${tail.replaceAll("#", "")}`;
        const client = await Client.connect(`${stack.websocketUrl}?${search}`, offered).catch(
          (error: unknown) => {
            assert.match(String(error), /response: 4\d\d|no subprotocol/);
          },
        );
        await client?.close();
      },
    );
    await fuzz(stack, property, () => disconnected(stack));
  });
});

/** Resolves when the $disconnect of each connection has ended. */
async function disconnected({ logs }: TestStack): Promise<void> {
  const count = (message: string) =>
    logs.filter((line) => line.includes(`"message":"${message}"`)).length;
  while (count("Connected") > count("Disconnected")) await new Promise(setImmediate);
}
