import assert from "node:assert/strict";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Description } from "../../local/graph/description.ts";
import { Client } from "../support/client.ts";
import { startTestStack } from "../support/test-stack.ts";

const deliveriesArn =
  "arn:aws:sqs:us-east-1:000000000000:websocket-channels-staging-deliveries-local";

describe("the queue of the local stack", function () {
  this.timeout(60_000);

  it("carries what a publish leaves to it, and says when it is idle", async () => {
    const stack = await startTestStack({ config: { "websocket-channels:inlineRecipients": "1" } });
    const client = new SQSClient(stack.queues);
    try {
      const connecting = Array.from({ length: 5 }, () => Client.connect(stack.websocketUrl));
      const clients = await Promise.all(connecting);
      const response = await fetch(stack.httpUrl, { method: "POST", body: "message" });
      assert.equal(response.status, 202, await response.text());
      await stack.queues.idle();
      for (const one of clients) assert.equal(await one.next(), "message");

      const { url: QueueUrl } = queueOf(stack.description);
      assert.equal(
        QueueUrl,
        `${stack.queues.endpoint}/000000000000/websocket-channels-staging-deliveries-local`,
      );
      const { Attributes } = await client.send(
        new GetQueueAttributesCommand({
          QueueUrl,
          AttributeNames: ["QueueArn", "ApproximateNumberOfMessagesNotVisible"],
        }),
      );
      assert.deepEqual(Attributes, {
        QueueArn: deliveriesArn,
        ApproximateNumberOfMessagesNotVisible: "0",
      });
      // The SDK warns where its endpoint is not that of the queue's URL.
      assert.doesNotMatch(stack.logs.join("\n"), /resolved endpoint/);
      await Promise.all(clients.map((one) => one.close()));
    } finally {
      client.destroy();
      await stack.close();
    }
  });

  it("has to be open to the function that works on it, or the stack does not start", async () => {
    await assert.rejects(startTestStack({ adjust: withoutReceiving }), {
      name: "StartError",
      message: `Function "websocket-channels-staging-fanout-local" cannot work on ${deliveriesArn}: its role does not allow sqs:ReceiveMessage.`,
    });
  });
});

function queueOf({ queues }: Description) {
  const queue = queues.find(({ arn }) => arn === deliveriesArn);
  assert.ok(queue);
  return queue;
}

function withoutReceiving(declared: Description): Description {
  const functions = declared.functions.map((fn) => {
    const statements = fn.role.statements.map((statement) => ({
      ...statement,
      actions: statement.actions.filter((action) => action !== "sqs:ReceiveMessage"),
    }));
    return { ...fn, role: { ...fn.role, statements } };
  });
  return { ...declared, functions };
}
