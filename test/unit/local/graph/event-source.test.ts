import assert from "node:assert/strict";
import {
  changedProgram,
  deliveriesArn,
  fanoutArn,
  mappingType,
  queueType,
} from "./changed-program.ts";

describe("the description of an event source mapping", () => {
  const describeWith = changedProgram();

  it("names the queue, and the function by its name or its ARN", async () => {
    const described = {
      queueArn: deliveriesArn,
      functionArn: fanoutArn,
      batchSize: 1,
      maxConcurrency: 10,
      reportBatchItemFailures: true,
    };
    const { eventSourceMappings } = await describeWith();
    assert.deepEqual(eventSourceMappings, [described]);
    const byArn = await describeWith(mappingType, { functionName: fanoutArn });
    assert.deepEqual(byArn.eventSourceMappings, [described]);
  });

  it("has what AWS takes where the program says nothing", async () => {
    const { eventSourceMappings } = await describeWith(mappingType, {
      batchSize: undefined,
      scalingConfig: undefined,
      functionResponseTypes: undefined,
    });
    assert.deepEqual(eventSourceMappings, [
      {
        queueArn: deliveriesArn,
        functionArn: fanoutArn,
        batchSize: 10,
        reportBatchItemFailures: false,
      },
    ]);
  });

  it("takes a visibility timeout that is the function's timeout, and none below, as AWS", async () => {
    await describeWith(queueType, { visibilityTimeoutSeconds: 60 });
    await assert.rejects(describeWith(queueType, { visibilityTimeoutSeconds: 59 }), {
      name: "StartError",
      message:
        "urn:pulumi:staging::websocket-channels::websocket-channels:infra:DeliveryQueue" +
        "$aws:lambda/eventSourceMapping:EventSourceMapping::deliveries: " +
        "Queue visibility timeout: 59 seconds is less than Function timeout: 60 seconds",
    });
  });

  for (const [what, inputs, message] of [
    [
      "a queue from elsewhere",
      { eventSourceArn: "arn:aws:sqs:x:1:other" },
      /EventSourceMapping::deliveries: names no queue, or no function, of the program\.$/,
    ],
    [
      "a function from elsewhere",
      { functionName: "other" },
      /EventSourceMapping::deliveries: names no queue, or no function, of the program\.$/,
    ],
    [
      "filters",
      { filterCriteria: { filters: [{ pattern: "{}" }] } },
      /EventSourceMapping::deliveries: the local stack evaluates no filterCriteria\.$/,
    ],
  ] as const) {
    it(`refuses ${what}, with the URN`, async () => {
      await assert.rejects(describeWith(mappingType, inputs), { name: "StartError", message });
    });
  }
});
