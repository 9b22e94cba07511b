import assert from "node:assert/strict";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

describe("a function that fails to load", () => {
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack({
      adjust: (description) => ({
        ...description,
        functions: description.functions.map((fn) => ({
          ...fn,
          environment: { ...fn.environment, DELIVERY_CONCURRENCY: "many", TABLE_NAME: "" },
        })),
      }),
    });
  });
  after(() => stack.close());

  it("names each variable at fault, and the lines of the sources", async () => {
    const response = await fetch(stack.httpUrl);
    assert.equal(response.status, 500);
    const log = stack.logs.join("\n");
    assert.match(
      log,
      /The function's environment: TABLE_NAME is not set; DELIVERY_CONCURRENCY is "many" and takes a whole number\./,
    );
    assert.match(log, /\/handlers\/aws\/environment\.ts:\d+:\d+/);
    assert.match(log, /\/handlers\/http\.ts:\d+:\d+/);
  });
});
