import assert from "node:assert/strict";
import { integrations, type IntegrationResult } from "../../../../local/gateway/integration.ts";
import { ManualClock } from "../../../../local/shared/clock.ts";
import type { Invoke, InvokeRequest, InvokeResult } from "../../../../local/shared/invoke.ts";

const route = (routeKey: string) => ({
  routeKey,
  integration: { functionArn: "arn:function", timeoutMilliseconds: 1000 },
});

describe("a Lambda proxy integration", () => {
  const invoked: InvokeRequest[] = [];
  const clock = new ManualClock();
  beforeEach(() => {
    invoked.splice(0);
  });

  /** Integrations with a function that takes only texts for an answer. */
  const withFunction = (invoke: () => Promise<InvokeResult>) => {
    const recorded: Invoke = (request) => {
      invoked.push(request);
      return invoke();
    };
    return integrations({
      api: { executionArn: "arn:api", stage: { name: "staging" } },
      invoke: recorded,
      clock,
      readReply: (value) => (typeof value === "string" ? value : undefined),
    });
  };

  for (const [routeKey, sourceArn] of [
    ["POST /channels/{channel}", "arn:api/staging/POST/channels/{channel}"],
    ["$connect", "arn:api/staging/$connect"],
    ["send a message", "arn:api/staging/send a message"],
  ] as const) {
    it(`invokes its function in the name of ${routeKey}`, async () => {
      const { integrate } = withFunction(() => Promise.resolve({ outcome: "denied" }));
      await integrate(route(routeKey), { the: "event" });
      assert.deepEqual(invoked, [
        { functionArn: "arn:function", sourceArn, event: { the: "event" } },
      ]);
    });
  }

  const results: [string, () => Promise<InvokeResult>, IntegrationResult<string>][] = [
    [
      "replies what the function returned",
      () => Promise.resolve({ outcome: "returned", value: "hello" }),
      { outcome: "replied", reply: "hello" },
    ],
    [
      "fails where the function returned what is malformed",
      () => Promise.resolve({ outcome: "returned", value: 1 }),
      { outcome: "failed" },
    ],
    [
      "fails where the function failed",
      () => Promise.resolve({ outcome: "failed", errorType: "Error", errorMessage: "" }),
      { outcome: "failed" },
    ],
    [
      "fails where the function may not be invoked",
      () => Promise.resolve({ outcome: "denied" }),
      { outcome: "failed" },
    ],
    [
      "fails where the function cannot be invoked",
      () => Promise.reject(new Error("No function")),
      { outcome: "failed" },
    ],
  ];
  for (const [behaviour, invoke, result] of results) {
    it(behaviour, async () => {
      const { integrate } = withFunction(invoke);
      assert.deepEqual(await integrate(route("$connect"), {}), result);
    });
  }

  it("times out at the integration's timeout, whatever the function does later", async () => {
    const { promise, resolve } = withResolve();
    const { integrate } = withFunction(() => promise);
    const result = integrate(route("$connect"), {});
    clock.advance(1000);
    resolve({ outcome: "returned", value: "late" });
    assert.deepEqual(await result, { outcome: "timed out" });
  });

  it("is over before the timeout once the function has returned", async () => {
    const { promise, resolve } = withResolve();
    const { integrate } = withFunction(() => promise);
    const result = integrate(route("$connect"), {});
    clock.advance(999);
    resolve({ outcome: "returned", value: "in time" });
    assert.deepEqual(await result, { outcome: "replied", reply: "in time" });
    clock.advance(1);
  });
});

function withResolve() {
  let resolve: (result: InvokeResult) => void = () => undefined;
  const promise = new Promise<InvokeResult>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
