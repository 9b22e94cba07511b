import assert from "node:assert/strict";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { Client } from "../support/client.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

describe("a stack that is traced", () => {
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack({
      config: { tracing: "true", inlineRecipients: "1" },
      // Nobody takes the jobs out of the queue.
      adjust: (description) => ({ ...description, eventSourceMappings: [] }),
    });
  });
  after(() => stack.close());

  it("gives the queue the trace of the publish, for the function that goes on with it", async () => {
    const clients = await Promise.all([1, 2, 3].map(() => Client.connect(stack.websocketUrl)));
    const response = await fetch(stack.httpUrl, { method: "POST", body: "traced" });
    assert.equal(response.status, 202);
    const { endpoint, region, credentials } = stack.queues;
    const client = new SQSClient({ endpoint, region, credentials });
    const queue = stack.description.queues.find(({ name }) =>
      name.startsWith("websocket-channels-staging-deliveries-local"),
    );
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queue?.url,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ["AWSTraceHeader"],
      }),
    );
    client.destroy();
    const published = stack.logs.find((line) => line.includes('"Published"')) ?? assert.fail();
    const { xray_trace_id: root } = JSON.parse(published.replace(/^\S+ /, "")) as Line;
    assert.match(root, /^1-[0-9a-f]+-[0-9a-f]{24}$/);
    assert.ok(Messages.length > 0);
    for (const { Attributes } of Messages) {
      assert.match(Attributes?.AWSTraceHeader ?? "", new RegExp(`^Root=${root};.*;Sampled=1$`));
    }
    for (const one of clients) await one.close();
  });
});

type Line = { xray_trace_id: string };
