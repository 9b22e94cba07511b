import assert from "node:assert/strict";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from "@aws-sdk/client-sqs";
import { accounts, bodies, entriesOf } from "./account.ts";

describe("a local queue", () => {
  const open = accounts();

  it("gives each message once, with what AWS tells of it", async () => {
    const { clock, root, QueueUrl, send, receive, counts } = await open();
    const sentAt = clock.now();
    const id = await send("größer");
    clock.advance(5);
    const [message, ...others] = await receive();
    const { ReceiptHandle = "", ...rest } = message ?? {};
    assert.deepEqual(others, []);
    assert.deepEqual(rest, {
      MessageId: id,
      MD5OfBody: "3b1f5bccdd98086ae8f1852fd2aabe54",
      Body: "größer",
      Attributes: {
        SenderId: "arn:aws:iam::000000000000:root",
        SentTimestamp: String(sentAt),
        ApproximateReceiveCount: "1",
        ApproximateFirstReceiveTimestamp: String(sentAt + 5),
      },
    });
    assert.deepEqual(await receive(), []);
    await root.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    assert.deepEqual(await counts(), ["0", "0", "0"]);
  });

  it("gives the tracing header of the request with each message of it", async () => {
    const { root, QueueUrl, receive } = await open();
    const header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
    root.middlewareStack.add(
      (next) => (sent) => {
        const { headers } = sent.request as { headers: Record<string, string> };
        headers["X-Amzn-Trace-Id"] = header;
        return next(sent);
      },
      { step: "build" },
    );
    await root.send(new SendMessageBatchCommand({ QueueUrl, Entries: entriesOf("a", "b") }));
    const headers = (await receive()).map(({ Attributes }) => Attributes?.AWSTraceHeader);
    assert.deepEqual(headers, [header, header]);
  });

  it("gives a message again when its visibility timeout is over", async () => {
    const { clock, send, receive, counts } = await open();
    await send("again");
    const [first] = await receive();
    clock.advance(29_999);
    assert.deepEqual(await receive(), []);
    assert.deepEqual(await counts(), ["0", "1", "0"]);
    clock.advance(1);
    assert.deepEqual(await counts(), ["1", "0", "0"]);
    const [second] = await receive();
    assert.equal(second?.Attributes?.ApproximateReceiveCount, "2");
    assert.equal(
      second.Attributes.ApproximateFirstReceiveTimestamp,
      first?.Attributes?.ApproximateFirstReceiveTimestamp,
    );
  });

  it("keeps a message that was received again since, whoever deletes it by the old handle", async () => {
    const { clock, root, QueueUrl, send, receive, counts } = await open();
    await send("mine now");
    const [old] = await receive();
    clock.advance(30_000);
    const [newest] = await receive();
    const remove = (ReceiptHandle = "") =>
      root.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    await remove(old?.ReceiptHandle);
    assert.deepEqual(await counts(), ["0", "1", "0"]);
    await remove(newest?.ReceiptHandle);
    assert.deepEqual(await counts(), ["0", "0", "0"]);
    await remove(newest?.ReceiptHandle);
  });

  it("takes the visibility timeout of a receive, and changes it after", async () => {
    const { clock, root, QueueUrl, send, receive } = await open();
    await send("short");
    const { Messages: [message] = [] } = await root.send(
      new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 5 }),
    );
    const change = (VisibilityTimeout: number) =>
      root.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl,
          ReceiptHandle: message?.ReceiptHandle,
          VisibilityTimeout,
        }),
      );
    await change(10);
    clock.advance(9_999);
    assert.deepEqual(await receive(), []);
    await change(0);
    assert.deepEqual(bodies(await receive()), ["short"]);
  });

  it("hides a message for its delay, or for the queue's", async () => {
    const { clock, send, receive, counts } = await open({ delaySeconds: 10 });
    await send("own", 2);
    await send("queue's");
    await send("at once", 0);
    assert.deepEqual(await counts(), ["1", "0", "2"]);
    clock.advance(2_000);
    assert.deepEqual(bodies(await receive()), ["own", "at once"]);
    clock.advance(8_000);
    assert.deepEqual(bodies(await receive()), ["queue's"]);
  });

  it("forgets a message at the end of its retention period", async () => {
    const { clock, send, counts } = await open({ messageRetentionSeconds: 60 });
    await send("old");
    clock.advance(59_999);
    await send("young");
    assert.deepEqual(await counts(), ["2", "0", "0"]);
    clock.advance(1);
    assert.deepEqual(await counts(), ["1", "0", "0"]);
  });

  it("gives one message where no number is asked for, and no attributes where none are", async () => {
    const { root, QueueUrl, send } = await open();
    await send("one");
    await send("two");
    const { Messages = [] } = await root.send(new ReceiveMessageCommand({ QueueUrl }));
    assert.deepEqual(
      Messages.map(({ Body, Attributes }) => [Body, Attributes]),
      [["one", undefined]],
    );
  });

  it("is empty after a purge, and takes no second one for a minute", async () => {
    const { clock, root, QueueUrl, send, counts } = await open();
    await send("gone");
    await root.send(new PurgeQueueCommand({ QueueUrl }));
    assert.deepEqual(await counts(), ["0", "0", "0"]);
    clock.advance(59_999);
    await assert.rejects(root.send(new PurgeQueueCommand({ QueueUrl })), {
      name: "PurgeQueueInProgress",
      message: "Only one PurgeQueue operation on jobs is allowed every 60 seconds.",
    });
    clock.advance(1);
    await root.send(new PurgeQueueCommand({ QueueUrl }));
  });
});
