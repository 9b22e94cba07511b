import assert from "node:assert/strict";
import { PurgeQueueCommand } from "@aws-sdk/client-sqs";
import { arnOf, bodies } from "./account.ts";
import { failed, pollers, returned } from "./poller.ts";

describe("a stack's queues", () => {
  const start = pollers();

  it("are idle when each message is done with or dead, and not before", async () => {
    const redrive = { deadLetterQueueArn: arnOf("dead"), maxReceiveCount: 2 };
    const here = await start({ jobs: { redrive } });
    let idle = false;
    await here.send("poison", 5);
    const waiting = here.sources.idle().then(() => (idle = true));
    for (const seconds of [5, 30]) {
      here.clock.advance(seconds * 1000);
      const invocation = await here.next();
      await here.counts();
      assert.equal(idle, false, "while the function is at work");
      invocation.end(failed);
      await here.counts();
      assert.equal(idle, false, "while the message is in flight");
    }
    here.clock.advance(30_000);
    await waiting;
    assert.deepEqual(here.invocations, []);
    assert.deepEqual(bodies(await here.receive("dead")), ["poison"]);
  });

  it("are idle at once where there is nothing to do", async () => {
    const { sources } = await start();
    await sources.idle();
  });

  it("are idle when a message has come to the end of its retention period", async () => {
    const here = await start({ jobs: { messageRetentionSeconds: 60 } });
    await here.send("too late", 900);
    const waiting = here.sources.idle();
    here.clock.advance(60_000);
    await waiting;
    assert.deepEqual(await here.counts(), ["0", "0", "0"]);
  });

  it("are not idle while a function is at work on a message that is gone", async () => {
    const { root, QueueUrl, send, next, sources, counts } = await start();
    await send("purged");
    const { end } = await next();
    await root.send(new PurgeQueueCommand({ QueueUrl }));
    let idle = false;
    const waiting = sources.idle().then(() => (idle = true));
    assert.deepEqual(await counts(), ["0", "0", "0"]);
    assert.equal(idle, false);
    end(returned(null));
    await waiting;
  });
});
