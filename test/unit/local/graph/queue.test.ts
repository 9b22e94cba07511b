import assert from "node:assert/strict";
import { changedProgram, deadLettersArn, deliveriesArn, queueType } from "./changed-program.ts";

describe("the description of a queue", () => {
  const describeWith = changedProgram();
  const queueWith = async (inputs: object) => (await describeWith(queueType, inputs)).queues[1];

  it("has what the program declares, and for the rest what AWS takes", async () => {
    const { queues } = await describeWith();
    const byDefault = { delaySeconds: 0, maxMessageBytes: 262_144 };
    assert.deepEqual(queues, [
      {
        ...byDefault,
        name: "websocket-channels-staging-deliveries-dead-letters-local",
        arn: deadLettersArn,
        url: "https://sqs.example/000000000000/websocket-channels-staging-deliveries-dead-letters-local",
        visibilityTimeoutSeconds: 30,
        messageRetentionSeconds: 1_209_600,
      },
      {
        ...byDefault,
        name: "websocket-channels-staging-deliveries-local",
        arn: deliveriesArn,
        url: "https://sqs.example/000000000000/websocket-channels-staging-deliveries-local",
        visibilityTimeoutSeconds: 360,
        messageRetentionSeconds: 345_600,
        redrive: { deadLetterQueueArn: deadLettersArn, maxReceiveCount: 6 },
      },
    ]);
    const declared = await queueWith({ delaySeconds: 7, maxMessageSize: 1024 });
    assert.equal(declared?.delaySeconds, 7);
    assert.equal(declared.maxMessageBytes, 1024);
  });

  it("tells the functions the URL where the queue is", async () => {
    const { functions, queues } = await describeWith();
    for (const { environment } of functions) {
      assert.equal(environment.DELIVERY_QUEUE_URL, queues[1]?.url);
    }
  });

  it("takes a number of receives in quotation marks, as AWS does", async () => {
    const policy = { deadLetterTargetArn: deadLettersArn, maxReceiveCount: "9" };
    const queue = await queueWith({ redrivePolicy: JSON.stringify(policy) });
    assert.deepEqual(queue?.redrive, { deadLetterQueueArn: deadLettersArn, maxReceiveCount: 9 });
  });

  for (const [what, inputs, message] of [
    ["a FIFO queue", { fifoQueue: true }, "the local stack has only standard queues."],
    [
      "a dead-letter queue from elsewhere",
      { redrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:x:1:other","maxReceiveCount":1}' },
      "its dead-letter queue is not one of the program's.",
    ],
    [
      "a redrive policy that is no JSON",
      { redrivePolicy: "dead" },
      "its dead-letter queue is not one of the program's.",
    ],
    [
      "a redrive policy without a number of receives",
      { redrivePolicy: `{"deadLetterTargetArn":"${deadLettersArn}"}` },
      "its maxReceiveCount is no whole number from 1 to 1000.",
    ],
  ] as const) {
    it(`refuses ${what}, with the URN`, async () => {
      await assert.rejects(describeWith(queueType, inputs), (error: Error) => {
        assert.equal(error.name, "StartError");
        assert.match(
          error.message,
          /^urn:pulumi:staging::.*aws:sqs\/queue:Queue::websocket-channels-staging-deliveries: /,
        );
        assert.ok(
          error.message.endsWith(`::websocket-channels-staging-deliveries: ${message}`),
          error.message,
        );
        return true;
      });
    });
  }
});
