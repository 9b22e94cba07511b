import assert from "node:assert/strict";
import {
  ApiGatewayManagementApiClient,
  GetConnectionCommand,
  GoneException,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { Client } from "../support/client.ts";
import { behindClock } from "../support/old-connections.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

/** An answer without its times. */
function countsOf(answer: unknown): unknown {
  const { startedAt, finishedAt, ...counts } = answer as Record<string, unknown>;
  assert.ok(String(startedAt) <= String(finishedAt));
  return counts;
}

describe("a publish", () => {
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack({
      clock: behindClock,
      // The $disconnect of AWS is best effort: here it is lost each time.
      adjust: (description) => ({
        ...description,
        webSocketApis: description.webSocketApis.map((api) => ({
          ...api,
          routes: api.routes.filter(({ routeKey }) => routeKey !== "$disconnect"),
        })),
      }),
    });
  });
  after(() => stack.close());

  it("reaches its channel's clients, each once, and removes those that are gone", async function () {
    this.timeout(60_000);
    const { websocketUrl, httpUrl } = stack;
    const post = async (body: string) => {
      const response = await fetch(httpUrl, { method: "POST", body });
      return [response.status, await response.json()];
    };
    const connect = (query: string) =>
      Promise.all(Array.from({ length: 50 }, () => Client.connect(websocketUrl + query)));
    const onDefault = await connect("");
    const onOther = await connect("?channel=other");

    const [status, first] = await post("one");
    const { id } = first as { id: string };
    assert.deepEqual(
      [status, countsOf(first)],
      [200, { id, channel: "test", delivered: 50, gone: 0, failed: 0, pending: 0 }],
    );
    for (const client of onDefault) assert.equal(await client.next(), "one");

    const cut = onDefault.slice(0, 25);
    const before = await stack.items();
    for (const client of cut) client.cut();
    await untilGone(25, before);

    const [, second] = await post("two");
    const { epoch } = /^(?<epoch>[a-z0-9]+)-1$/.exec(id)?.groups ?? {};
    assert.deepEqual(countsOf(second), {
      id: `${epoch ?? ""}-2`,
      channel: "test",
      delivered: 25,
      gone: 25,
      failed: 0,
      pending: 0,
    });
    for (const client of onDefault.slice(25)) assert.equal(await client.next(), "two");

    // 75 connections, each with one subscription, two channels, and two messages that are kept.
    const items = await stack.items();
    assert.equal(items.length, 75 * 2 + 2 + 2);
    assert.equal(items.filter((item) => item.startsWith("channel#test#0 ")).length, 25);

    for (const client of [...onDefault, ...onOther]) assert.deepEqual(client.unread, []);
    await Promise.all([...onDefault, ...onOther].map((client) => client.close()));
  });

  /** Resolves when the gateway itself answers for `count` connections that they are gone. */
  async function untilGone(count: number, items: string[]): Promise<void> {
    const { region, credentials } = stack.dynamoDb;
    const endpoint = stack.websocketUrl.replace(/^ws/, "http");
    const gateway = new ApiGatewayManagementApiClient({ endpoint, region, credentials });
    const ids = items.flatMap((item) => /^connection#(.*) connection$/.exec(item)?.[1] ?? []);
    const isGone = async (ConnectionId: string) => {
      try {
        await gateway.send(new GetConnectionCommand({ ConnectionId }));
        return false;
      } catch (error) {
        if (error instanceof GoneException) return true;
        throw error;
      }
    };
    for (;;) {
      const gone = await Promise.all(ids.map(isGone));
      if (gone.filter(Boolean).length === count) break;
    }
    gateway.destroy();
  }
});
