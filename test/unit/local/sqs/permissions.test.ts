import assert from "node:assert/strict";
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSServiceException,
} from "@aws-sdk/client-sqs";
import { accounts, arnOf, type Account } from "./account.ts";

describe("permissions for a local queue", () => {
  const open = accounts();

  /** Returns a client that may do one thing on the queue `jobs`. */
  const clientOf = (here: Account, ...actions: string[]) =>
    here.clientOf(here.assumeRole([{ effect: "Allow", actions, resources: [arnOf("jobs")] }]));

  const denied =
    (action: string, queue = "jobs") =>
    (error: unknown) => {
      assert.ok(error instanceof SQSServiceException);
      assert.equal(error.name, "AccessDenied");
      assert.equal(error.$metadata.httpStatusCode, 403);
      assert.equal(
        error.message,
        `User: arn:aws:sts::000000000000:assumed-role/role/s is not authorized to perform: sqs:${action} on resource: ${arnOf(queue)} because no identity-based policy allows the sqs:${action} action`,
      );
      return true;
    };

  it("hold for one queue each, whether the other exists or not", async () => {
    const here = await open();
    const client = clientOf(here, "sqs:SendMessage");
    const send = (name: string) =>
      client.send(new SendMessageCommand({ QueueUrl: here.urlOf(name), MessageBody: "x" }));
    await send("jobs");
    await assert.rejects(send("dead"), denied("sendmessage", "dead"));
    await assert.rejects(send("none"), denied("sendmessage", "none"));
    assert.deepEqual(await here.counts("dead"), ["0", "0", "0"]);
  });

  it("hold for one action each", async () => {
    const here = await open();
    const { QueueUrl } = here;
    const client = clientOf(here, "sqs:SendMessage");
    const receive = client.send(new ReceiveMessageCommand({ QueueUrl }));
    await assert.rejects(receive, denied("receivemessage"));
    const remove = client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: "x" }));
    await assert.rejects(remove, denied("deletemessage"));
    const look = client.send(new GetQueueAttributesCommand({ QueueUrl }));
    await assert.rejects(look, denied("getqueueattributes"));
    const purge = client.send(new PurgeQueueCommand({ QueueUrl }));
    await assert.rejects(purge, denied("purgequeue"));
  });

  it("for a batch are those for one", async () => {
    const here = await open();
    const { QueueUrl } = here;
    const client = clientOf(here, "sqs:SendMessage");
    const Entries = [{ Id: "1", MessageBody: "x", ReceiptHandle: "x" }];
    await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    const remove = client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    await assert.rejects(remove, denied("deletemessage"));
    const change = client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
    await assert.rejects(change, denied("changemessagevisibility"));
    const wrong = clientOf(here, "sqs:SendMessageBatch");
    const send = wrong.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    await assert.rejects(send, denied("sendmessage"));
  });

  it("are for nobody with a wrong secret, a wrong session token, or no signature", async () => {
    const here = await open();
    const { QueueUrl } = here;
    const credentials = here.assumeRole([{ effect: "Allow", actions: ["*"], resources: ["*"] }]);
    const send = (changes: object) =>
      here
        .clientOf({ ...credentials, ...changes })
        .send(new SendMessageCommand({ QueueUrl, MessageBody: "x" }));
    await assert.rejects(send({ secretAccessKey: "wrong" }), { name: "SignatureDoesNotMatch" });
    await assert.rejects(send({ sessionToken: "wrong" }), { name: "InvalidClientTokenId" });

    const response = await fetch(here.service.endpoint, {
      method: "POST",
      headers: { "x-amz-target": "AmazonSQS.SendMessage" },
      body: JSON.stringify({ QueueUrl, MessageBody: "x" }),
    });
    assert.deepEqual(
      [response.status, await response.json()],
      [
        403,
        {
          __type: "com.amazon.coral.service#MissingAuthenticationTokenException",
          message: "Missing Authentication Token",
        },
      ],
    );
    assert.deepEqual(await here.counts(), ["0", "0", "0"]);
  });
});
