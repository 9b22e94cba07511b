import assert from "node:assert/strict";
import type { InvokeResult } from "../../../local/shared/invoke.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { connectAs, disconnected } from "../../support/transcript.ts";

/** A request to DynamoDB: its operation and its input. */
type Match = (operation: string, body: string) => boolean;

// The requests of a subscribe, in their order, and the two of a disconnect.
const ofSubscribe: [name: string, match: Match][] = [
  ["reads the connection", (operation) => operation === "GetItem"],
  ["reads the channel", (_, body) => body.includes('"channels#news#')],
  ["writes the subscription", (operation) => operation === "PutItem"],
  ["names it in the connection", (_, body) => body.includes("ADD channels")],
];
const ofDisconnect: [name: string, match: Match][] = [
  ["deletes the connection", (operation) => operation === "DeleteItem"],
  ["deletes its subscriptions", (operation) => operation === "BatchWriteItem"],
];

describe("a subscribe that races with the disconnect", () => {
  let stack: TestStack;
  /** Requests that DynamoDB refuses; the SDK repeats them until it no longer does. */
  let held: Match | undefined;
  let onHeld: () => void;
  before(async () => {
    stack = await startTestStack({
      faults: {
        dynamodb({ operation, body }) {
          if (!held?.(operation, JSON.stringify(body))) return undefined;
          onHeld();
          return { type: "InternalServerError" };
        },
      },
      adjust: (description) => ({
        ...description,
        functions: description.functions.map((fn) => ({
          ...fn,
          environment: { ...fn.environment, AWS_MAX_ATTEMPTS: "100" },
        })),
      }),
    });
  });
  beforeEach(() => {
    held = undefined;
  });
  after(() => stack.close());

  /** Lets requests through until one matches, and holds that one. */
  function hold(match: Match): Promise<void> {
    held = match;
    return new Promise((resolve) => (onHeld = resolve));
  }

  /** Sends a subscribe of the connection; the promise resolves when its function has ended. */
  function subscribe(connectionId: string): Promise<InvokeResult> {
    const [api] = stack.description.webSocketApis;
    const route = api?.routes.find(({ routeKey }) => routeKey === "subscribe");
    assert.ok(api && route);
    const requestContext = { routeKey: "subscribe", connectionId, requestId: "request" };
    return stack.invoke({
      functionArn: route.integration.functionArn,
      sourceArn: `${api.executionArn}/${api.stage.name}/subscribe`,
      event: { requestContext, body: '{"action":"subscribe","channel":"news"}' },
    });
  }

  const rowsOf = async (id: string) => (await stack.items()).filter((item) => item.includes(id));
  const returned = (body: unknown): InvokeResult => ({
    outcome: "returned",
    value: { statusCode: 200, body: JSON.stringify(body) },
  });
  const unknown = returned({
    type: "error",
    code: "unknown-connection",
    message: "There is no such connection, or no more: connect again.",
  });

  for (const [name, match] of ofSubscribe) {
    it(`leaves no row where the client goes before it ${name}`, async () => {
      const { client, id } = await connectAs(stack);
      const holding = hold(match);
      const subscribed = subscribe(id);
      await holding;
      client.cut();
      await disconnected(stack, id);
      held = undefined;
      assert.deepEqual(await subscribed, unknown);
      assert.deepEqual(await rowsOf(id), []);
    });
  }

  for (const [name, match] of ofDisconnect) {
    it(`leaves no row where it comes before the disconnect ${name}`, async () => {
      const { client, id } = await connectAs(stack);
      const holding = hold(match);
      client.cut();
      await holding;
      const subscribed = subscribe(id);
      if (match === ofDisconnect[0]?.[1]) {
        assert.deepEqual(
          await subscribed,
          returned({ type: "subscribed", channel: "news", last: null, revision: 2 }),
        );
      } else {
        assert.deepEqual(await subscribed, unknown);
      }
      held = undefined;
      await disconnected(stack, id);
      assert.deepEqual(await rowsOf(id), []);
    });
  }
});
