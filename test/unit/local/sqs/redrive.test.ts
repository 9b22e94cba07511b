import assert from "node:assert/strict";
import { DeleteMessageCommand } from "@aws-sdk/client-sqs";
import { accounts, arnOf } from "./account.ts";

describe("a queue with a dead-letter queue", () => {
  const open = accounts();
  const redrive = { deadLetterQueueArn: arnOf("dead"), maxReceiveCount: 2 };

  it("moves a message there when it would be received once too often", async () => {
    const { clock, send, receive, counts } = await open({ redrive });
    const sentAt = clock.now();
    const id = await send("poison");
    for (const count of ["1", "2"]) {
      const [message] = await receive();
      assert.equal(message?.Attributes?.ApproximateReceiveCount, count);
      clock.advance(30_000);
    }
    assert.deepEqual(await counts("dead"), ["0", "0", "0"]);
    assert.deepEqual(await receive(), []);
    assert.deepEqual(await counts(), ["0", "0", "0"]);

    const [dead] = await receive("dead");
    assert.equal(dead?.MessageId, id);
    assert.equal(dead.Body, "poison");
    assert.equal(dead.Attributes?.DeadLetterQueueSourceArn, arnOf("jobs"));
    assert.equal(dead.Attributes.SentTimestamp, String(sentAt));
  });

  it("gives the others in the same receive", async () => {
    const { clock, send, receive } = await open({ redrive: { ...redrive, maxReceiveCount: 1 } });
    await send("poison");
    await receive();
    clock.advance(30_000);
    await send("fresh");
    assert.deepEqual(
      (await receive()).map(({ Body }) => Body),
      ["fresh"],
    );
  });

  it("keeps a message that is deleted in time out of it", async () => {
    const { clock, root, QueueUrl, send, receive, counts } = await open({
      redrive: { ...redrive, maxReceiveCount: 1 },
    });
    await send("done");
    const [message] = await receive();
    const ReceiptHandle = message?.ReceiptHandle;
    await root.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    clock.advance(30_000);
    assert.deepEqual(await receive(), []);
    assert.deepEqual(await counts("dead"), ["0", "0", "0"]);
  });

  it("keeps a dead message only to the end of a retention that began when it was sent", async () => {
    const { clock, send, receive, counts } = await open({ redrive });
    await send("poison");
    for (let receives = 0; receives < 3; receives++) {
      await receive();
      clock.advance(30_000);
    }
    clock.advance(3600_000 - 90_001);
    assert.deepEqual(await counts("dead"), ["1", "0", "0"]);
    clock.advance(1);
    assert.deepEqual(await counts("dead"), ["0", "0", "0"]);
  });
});
