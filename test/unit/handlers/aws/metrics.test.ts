import assert from "node:assert/strict";
import { metrics, refusalMetrics } from "../../../../handlers/aws/metrics.ts";

describe("the metrics of a log line", () => {
  const outside = { ...process.env };
  before(() => {
    Object.assign(process.env, { POWERTOOLS_SERVICE_NAME: "channels", STACK_NAME: "staging" });
  });
  after(() => {
    for (const name of ["POWERTOOLS_SERVICE_NAME", "STACK_NAME"]) {
      if (outside[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = outside[name];
    }
  });

  it("are in the embedded metric format: members of the line, and what they are", () => {
    assert.deepEqual(metrics(1_000, { MessagesPublished: 1, QueuedDeliveryLatency: [3, 0] }), {
      MessagesPublished: 1,
      QueuedDeliveryLatency: [3, 0],
      stack: "staging",
      _aws: {
        Timestamp: 1_000,
        CloudWatchMetrics: [
          {
            Namespace: "channels",
            Dimensions: [["stack"]],
            Metrics: [
              { Name: "MessagesPublished", Unit: "Count" },
              { Name: "QueuedDeliveryLatency", Unit: "Milliseconds" },
            ],
          },
        ],
      },
    });
  });

  it("are none where nothing was counted, but a time of 0 ms is one", () => {
    assert.deepEqual(metrics(1_000, { Gone: 0, GivenUp: 0 }), {});
    const { PublishLatency } = metrics(1_000, { Gone: 0, PublishLatency: 0 });
    assert.equal(PublishLatency, 0);
  });

  it("count a refusal for the stack, and for its reason", () => {
    const { _aws, ...members } = refusalMetrics(1_000, "NoToken");
    assert.deepEqual(members, { reason: "NoToken", HandshakesRefused: 1, stack: "staging" });
    assert.match(JSON.stringify(_aws), /"Dimensions":\[\["stack"\],\["stack","reason"\]\]/);
  });
});
