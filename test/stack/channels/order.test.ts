import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { request } from "../../support/transcript.ts";

const each = 500;
/** The number of messages of a publisher that are under way at the same time. */
const together = 5;

describe("two publishers at once on one channel", () => {
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack();
  });
  after(() => stack.close());

  it("get dense ids, and each subscriber every message, once", async function () {
    this.timeout(120_000);
    const url = `${stack.websocketUrl}?channel=news`;
    const subscribers = [
      await Client.connect(url, ["channels.v1"]),
      await Client.connect(url, ["channels.v1"]),
    ];
    const plain = await Client.connect(url);

    const ids = (await Promise.all([overWebSocket(), overHttp()])).flat();
    const [epoch = ""] = ids[0]?.split("-") ?? [];
    const dense = Array.from({ length: 2 * each }, (_, index) => `${epoch}-${index + 1}`);
    assert.deepEqual(ids.sort(bySequence), dense);

    const published = new Set<string>();
    for (const subscriber of subscribers) {
      const frames = await subscriber.take(2 * each);
      const messages = frames.map((frame) => JSON.parse(frame) as { id: string; data: string });
      assert.deepEqual(messages.map(({ id }) => id).sort(bySequence), dense);
      // One id is one message for every client.
      for (const { id, data } of messages) published.add(`${id} ${data}`);
    }
    assert.equal(published.size, 2 * each);
    assert.equal(new Set(await plain.take(2 * each)).size, 2 * each);
    for (const client of [...subscribers, plain]) assert.deepEqual(client.unread, []);
  });

  async function overWebSocket(): Promise<string[]> {
    const client = await Client.connect(stack.websocketUrl);
    const answers: string[] = [];
    for (let sent = 0; sent < each; sent++) {
      if (sent >= together) answers.push(await client.next());
      client.send({ action: "publish", channel: "news", data: `frame ${sent}` });
    }
    answers.push(...(await client.take(together)));
    return answers.map(idIn);
  }

  async function overHttp(): Promise<string[]> {
    let sent = 0;
    const publisher = async () => {
      const ids: string[] = [];
      while (sent < each) {
        const body = `body ${sent++}`;
        const answer = await request(stack.httpUrl, "POST /channels/news/messages", body);
        ids.push(idIn(await answer.text()));
      }
      return ids;
    };
    return (await Promise.all(Array.from({ length: together }, publisher))).flat();
  }
});

function idIn(answer: string): string {
  return /"id":"(\w+-\d+)"/.exec(answer)?.[1] ?? answer;
}

function bySequence(one: string, other: string): number {
  return Number(one.split("-")[1]) - Number(other.split("-")[1]);
}
