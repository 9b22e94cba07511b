import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { answerTo, requests } from "./requests.ts";

describe("a stack with auth none", () => {
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack();
  });
  after(() => stack.close());

  it("answers every request, whoever asks", async () => {
    for (const [line, , status] of requests) {
      for (const headers of [{}, { authorization: "Bearer abc" }]) {
        const answer = await answerTo(stack, line, () => headers);
        assert.equal(answer.slice(0, 3), String(status), line);
      }
    }
  });

  it("lets everyone connect, with a token or without, and never selects the token", async () => {
    const client = await Client.connect(stack.websocketUrl, ["bearer.abc", "channels.v1"]);
    assert.equal(client.socket.protocol, "channels.v1");
    await client.close();
    await (await Client.connect(`${stack.websocketUrl}?token=abc`)).close();
  });
});
