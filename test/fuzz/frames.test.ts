import assert from "node:assert/strict";
import fc from "fast-check";
import { Client } from "../e2e/client.ts";
import { startTestStack } from "../e2e/test-stack.ts";
import type { TestStack } from "../e2e/test-stack.ts";
import { assertConsistent } from "./consistency.ts";
import { channel, frame, text } from "./inputs.ts";
import { numRuns } from "./runs.ts";

describe("any frame", function () {
  this.timeout(numRuns * 1_000);
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack();
  });
  after(() => stack.close());

  it("of a channels.v1 client is answered by one JSON object with a type", async () => {
    let client = await Client.connect(stack.websocketUrl, ["channels.v1"]);
    const property = fc.asyncProperty(frame, async (sent) => {
      client.send(sent);
      const reply = await replyOf(client);
      assert.equal(typeof reply.type, "string");
      assert.notEqual(reply.code, "internal");
      // A hundred channels are the most: begin anew before every further one is refused.
      if (reply.code === "too-many-channels") {
        await client.close();
        client = await Client.connect(stack.websocketUrl, ["channels.v1"]);
      }
    });
    await fc.assert(property, { numRuns });
    await disconnected(stack, 1);
    await assertConsistent(stack);
    await client.close();
  });

  it("of a plain client is echoed or answered, and the connection stays open", async () => {
    const client = await Client.connect(`${stack.websocketUrl}?channel=nobody-else`);
    const property = fc.asyncProperty(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }),
      async (sent) => {
        assert.equal(await client.ask(sent), sent);
      },
    );
    await fc.assert(property, { numRuns });
    await client.close();
  });

  it("can follow any handshake, which is open or refused with 4xx", async () => {
    const query = fc.array(fc.tuple(fc.oneof(fc.constant("channel"), text), channel), {
      maxLength: 5,
    });
    const protocols = fc.uniqueArray(
      fc.oneof(fc.constant("channels.v1"), fc.stringMatching(/^[A-Za-z0-9.]{1,12}$/)),
      { maxLength: 3 },
    );
    const property = fc.asyncProperty(query, protocols, async (pairs, offered) => {
      const url = `${stack.websocketUrl}?${new URLSearchParams(pairs).toString()}`;
      const client = await Client.connect(url, offered).catch((error: unknown) => {
        assert.match(String(error), /response: 4\d\d|no subprotocol/);
      });
      await client?.close();
    });
    await fc.assert(property, { numRuns: Math.ceil(numRuns / 3) });
    await disconnected(stack, 0);
    await assertConsistent(stack);
  });
});

/** The next frame that is no message of a channel. */
async function replyOf(client: Client): Promise<Record<string, unknown>> {
  for (;;) {
    const reply: unknown = JSON.parse(await client.next());
    assert.ok(typeof reply === "object" && reply !== null && !Array.isArray(reply));
    if (!("type" in reply) || reply.type !== "message") return { ...reply };
  }
}

/** Resolves when all connections but so many have had their $disconnect, to its end. */
async function disconnected({ logs }: TestStack, open: number): Promise<void> {
  const count = (message: string) =>
    logs.filter((line) => line.includes(`"message":"${message}"`)).length;
  while (count("Connected") - count("Disconnected") > open) await new Promise(setImmediate);
}
