import assert from "node:assert/strict";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
  type QueueAttributeName,
} from "@aws-sdk/client-sqs";
import { accounts, arnOf } from "./account.ts";

describe("SQS's protocol", () => {
  const open = accounts();

  it("says in AWS's way that a queue does not exist", async () => {
    const { root, urlOf } = await open();
    const command = new SendMessageCommand({ QueueUrl: urlOf("none"), MessageBody: "lost" });
    await assert.rejects(root.send(command), (error) => {
      assert.ok(error instanceof QueueDoesNotExist);
      assert.equal(error.message, "The specified queue does not exist.");
      assert.equal(error.$metadata.httpStatusCode, 400);
      assert.ok("Code" in error);
      assert.equal(error.Code, "AWS.SimpleQueueService.NonExistentQueue");
      return true;
    });
  });

  for (const [parameter, value, range] of [
    ["MaxNumberOfMessages", 11, "1 and 10"],
    ["MaxNumberOfMessages", 0, "1 and 10"],
    ["WaitTimeSeconds", 21, "0 and 20"],
    ["VisibilityTimeout", 43_201, "0 and 43200"],
    ["VisibilityTimeout", -1, "0 and 43200"],
  ] as const) {
    it(`receives nothing with ${parameter} ${value}`, async () => {
      const { root, QueueUrl } = await open();
      await assert.rejects(root.send(new ReceiveMessageCommand({ QueueUrl, [parameter]: value })), {
        name: "InvalidParameterValue",
        message: `Value ${value} for parameter ${parameter} is invalid. Reason: Must be between ${range}, if provided.`,
      });
    });
  }

  it("delays nothing by more than 15 minutes", async () => {
    const { send } = await open();
    await send("late", 900);
    await assert.rejects(send("too late", 901), { name: "InvalidParameterValue" });
  });

  it("refuses a receipt handle of another queue", async () => {
    const { root, urlOf, send, receive } = await open();
    await send("here");
    const [message] = await receive();
    const ReceiptHandle = message?.ReceiptHandle;
    await assert.rejects(
      root.send(new DeleteMessageCommand({ QueueUrl: urlOf("dead"), ReceiptHandle })),
      { name: "ReceiptHandleIsInvalid" },
    );
  });

  it("changes no visibility of a message that is visible, or gone", async () => {
    const { clock, root, QueueUrl, send, receive } = await open();
    await send("late");
    const [message] = await receive();
    const ReceiptHandle = message?.ReceiptHandle;
    const change = new ChangeMessageVisibilityCommand({
      ...{ QueueUrl, ReceiptHandle },
      VisibilityTimeout: 60,
    });
    clock.advance(30_000);
    await assert.rejects(root.send(change), { name: "MessageNotInflight" });
    await root.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    await assert.rejects(root.send(change), {
      name: "InvalidParameterValue",
      message: `Value ${ReceiptHandle ?? ""} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    });
  });

  it("tells the attributes of a queue that are asked for, and none that it does not have", async () => {
    const redrive = { deadLetterQueueArn: arnOf("dead"), maxReceiveCount: 3 };
    const { root, QueueUrl } = await open({ redrive, delaySeconds: 4 });
    const get = async (...AttributeNames: QueueAttributeName[]) =>
      (await root.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))).Attributes;
    assert.deepEqual(await get("All"), {
      QueueArn: arnOf("jobs"),
      ApproximateNumberOfMessages: "0",
      ApproximateNumberOfMessagesNotVisible: "0",
      ApproximateNumberOfMessagesDelayed: "0",
      VisibilityTimeout: "30",
      MaximumMessageSize: "262144",
      MessageRetentionPeriod: "3600",
      DelaySeconds: "4",
      RedrivePolicy: `{"deadLetterTargetArn":"${arnOf("dead")}","maxReceiveCount":3}`,
    });
    assert.deepEqual(await get("DelaySeconds"), { DelaySeconds: "4" });
    assert.equal(await get(), undefined);
    await assert.rejects(get("FifoQueue"), {
      name: "InvalidAttributeName",
      message: "Unknown Attribute FifoQueue.",
    });
  });

  it("says which operation it does not have", async () => {
    const { root } = await open();
    await assert.rejects(root.send(new ListQueuesCommand({})), {
      name: "UnsupportedOperation",
      message: "The local stack has no ListQueues.",
    });
  });

  it("refuses what is no JSON, or no URL of a queue", async () => {
    const { service } = await open();
    const post = async (body: string) => {
      const response = await fetch(service.endpoint, {
        method: "POST",
        headers: { "x-amz-target": "AmazonSQS.SendMessage" },
        body,
      });
      return [response.status, response.headers.get("x-amzn-query-error")];
    };
    assert.deepEqual(await post("{"), [400, "SerializationException;Sender"]);
    assert.deepEqual(await post("[]"), [400, "SerializationException;Sender"]);
    assert.deepEqual(await post('{"QueueUrl":"jobs"}'), [400, "InvalidAddress;Sender"]);
    assert.deepEqual(await post('{"QueueUrl":1}'), [400, "SerializationException;Sender"]);
  });
});
