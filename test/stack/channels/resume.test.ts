import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { behindClock } from "../../support/old-connections.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { ask } from "../../support/transcript.ts";

/** The number of publishers at the same time, and of messages of each. */
const publishers = 5;
const each = 100;

describe("a subscriber that is cut", () => {
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack({ clock: behindClock });
  });
  after(() => stack.close());

  it("has every message after it resumes, in order once sorted by id", async function () {
    this.timeout(120_000);
    const url = `${stack.websocketUrl}?channel=news`;
    const client = await Client.connect(url, ["channels.v1"]);
    const publishing = Promise.all(
      Array.from({ length: publishers }, (_, index) => publish(index)),
    );

    const heard = await client.take(50);
    client.cut();
    const again = await Client.connect(stack.websocketUrl, ["channels.v1"]);
    again.send({ action: "subscribe", channel: "news", since: lastWithoutGap(heard) });
    heard.push(...(await again.until('"type":"subscribed"')));
    assert.match(heard.pop() ?? "", /"recovered":true,"revision":2}$/);

    await publishing;
    again.send({ action: "ping" });
    heard.push(...(await again.until('"type":"pong"')).slice(0, -1));
    // A message may come by the replay and live: its id says that it is the same.
    const messages = [...new Map(heard.map((frame) => [sequenceIn(frame), frame]))]
      .sort(([one], [other]) => one - other)
      .map(([, frame]) => frame);
    assert.deepEqual(
      messages.map(sequenceIn),
      Array.from({ length: publishers * each }, (_, index) => index + 1),
    );
    for (let index = 0; index < publishers; index++) {
      assert.deepEqual(
        messages.flatMap((frame) => (textIn(frame)?.startsWith(`${index}:`) ? textIn(frame) : [])),
        textsOf(index),
      );
    }
  });

  /** Publishes one message after the other, as fast as they are answered. */
  async function publish(index: number): Promise<void> {
    for (const text of textsOf(index)) {
      assert.match(await ask(stack.httpUrl, "POST /channels/news/messages", text), /^200 /);
    }
  }
});

/** Returns the texts that a publisher publishes. */
function textsOf(index: number): string[] {
  return Array.from({ length: each }, (_, number) => `${index}:${number}`);
}

/**
 * Returns the id to resume from. Messages that are published at the same time may come in any order: below
 * the highest id some can still be missing.
 */
function lastWithoutGap(frames: string[]): string {
  const sequences = new Set(frames.map(sequenceIn));
  let last = 0;
  while (sequences.has(last + 1)) last += 1;
  const [, epoch] = /"id":"(\w+)-\d+"/.exec(frames[0] ?? "") ?? [];
  return `${epoch ?? ""}-${last}`;
}

function sequenceIn(frame: string): number {
  return Number(/"id":"\w+-(\d+)"/.exec(frame)?.[1]);
}

function textIn(frame: string): string | undefined {
  return /"data":"(\d+:\d+)"/.exec(frame)?.[1];
}
