import assert from "node:assert/strict";
import { Client } from "../support/client.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

describe("a stack with a limit", () => {
  let stack: TestStack;
  before(async () => {
    const config = {
      "websocket-channels:throttlingRateLimit": "1",
      "websocket-channels:throttlingBurstLimit": "3",
    };
    stack = await startTestStack({ config, isThrottled: true });
  });
  after(() => stack.close());

  it("takes as many requests as its own config says, each API for itself", async () => {
    const statuses = await Promise.all(
      Array.from({ length: 12 }, async () => (await fetch(stack.httpUrl)).status),
    );
    const served = statuses.filter((status) => status === 200).length;
    assert.ok(served >= 3 && served < 12, statuses.join());
    assert.ok(
      statuses.every((status) => status === 200 || status === 429),
      statuses.join(),
    );

    // A handshake counts as a request of the other API.
    const client = await Client.connect(stack.websocketUrl);
    await client.close();
  });
});
