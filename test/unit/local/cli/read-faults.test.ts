import assert from "node:assert/strict";
import { readFaults } from "../../../../local/cli/read-faults.ts";

describe("faults of the command line", () => {
  /** Returns the faults of posts for which these numbers are drawn. */
  const posts = (texts: string[], ...numbers: number[]) =>
    numbers.map((number) => readFaults(texts, () => number).post?.("id"));

  it("become of their share of the requests", () => {
    assert.deepEqual(posts(["post:429:10%"], 0, 0.099, 0.1, 0.999), [
      ...[429, 429],
      ...[undefined, undefined],
    ]);
    assert.deepEqual(posts(["post:hang:0.5%"], 0.004, 0.005), ["hang", undefined]);
    assert.deepEqual(posts(["post:410:100%"], 0, 0.999), [410, 410]);
  });

  it("stand side by side, each with its own share", () => {
    const texts = ["post:429:10%", "post:500:5%", "dynamodb:error:50%"];
    assert.deepEqual(posts(texts, 0.05, 0.1, 0.149, 0.151), [429, 500, 500, undefined]);
  });

  it("are DynamoDB's where they say so", () => {
    const request = { operation: "Query", body: {} };
    const faultOf = (text: string) => readFaults([text], () => 0.1);
    const { post, dynamodb } = faultOf("dynamodb:throttle:20%");
    assert.equal(post, undefined);
    assert.deepEqual(dynamodb?.(request), { type: "ThrottlingException" });
    assert.deepEqual(faultOf("dynamodb:error:20%").dynamodb?.(request), {
      type: "InternalServerError",
    });
  });

  const unknown =
    "is unknown: there are post:410, post:429, post:500, post:hang, dynamodb:throttle, dynamodb:error, each with a share, as in post:429:10%.";
  const noShare = "has no share above 0% and up to 100%, as in post:429:10%.";
  for (const [text, message] of [
    ["post:418:10%", unknown],
    ["sqs:429:10%", unknown],
    ["dynamodb:429:10%", unknown],
    ["often", unknown],
    ["", unknown],
    ["post:429", noShare],
    ["post:429:", noShare],
    ["post:429:0%", noShare],
    ["post:429:10", noShare],
    ["post:429:101%", noShare],
    ["post:429:-1%", noShare],
    ["post:429:10%:20%", noShare],
  ] as const) {
    it(`are none as "${text}"`, () => {
      assert.throws(() => readFaults(["post:429:1%", text]), {
        name: "StartError",
        message: `--fault "${text}" ${message}`,
      });
    });
  }

  it("are not of more than all requests", () => {
    readFaults(["post:429:60%", "post:500:40%", "dynamodb:error:100%"]);
    assert.throws(() => readFaults(["post:429:60%", "dynamodb:error:9%", "post:500:50%"]), {
      name: "StartError",
      message:
        "--fault post:429:60%, post:500:50%: the shares come to 110%, and 100% is all there is.",
    });
  });
});
