import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { figuresIn } from "../../support/measured.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";

describe("the figures of a channel that is watched", () => {
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack({ config: { presenceGraceSeconds: "0" } });
  });
  after(() => stack.close());

  it("count messages, and no frame about members", async () => {
    const connect = (query: string) => Client.connect(stack.websocketUrl + query, ["channels.v1"]);
    const ann = await connect("?channel=&member=ann");
    await ann.ask({ action: "subscribe", channel: "news", presence: true });
    const ben = await connect("?channel=news&member=ben");
    assert.match(await ann.next(), /"joined"/);
    await ben.close();
    assert.match(await ann.next(), /"left"/);
    const url = `${stack.httpUrl}channels/news/messages`;
    assert.equal((await fetch(url, { method: "POST", body: "one" })).status, 200);
    const figures = figuresIn(stack.metrics, ["MessagesPublished", "Deliveries"]);
    assert.deepEqual(figures, { MessagesPublished: 1, Deliveries: 1 });
    await ann.close();
  });
});
