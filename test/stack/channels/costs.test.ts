import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Use } from "../../../local/dynamodb/probe.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { ask, connectAs, disconnected } from "../../support/transcript.ts";

const architecture = new URL("../../../docs/architecture.md", import.meta.url);
const reads = ["GetItem", "Query"];

describe("what docs/architecture.md says of costs", () => {
  let stack: TestStack;
  let uses: Use[] = [];
  let rows: string[] = [];
  afterEach(() => stack.close());

  const start = async (config: Record<string, string> = {}) => {
    rows = [];
    // No function can scan: that is this test, looking at the table.
    const onUse = (use: Use) => {
      if (use.operation !== "Scan") uses.push(use);
    };
    stack = await startTestStack({ config, dynamoDb: { probe: { onUse } } });
  };
  const measure = async <T>(what: string, act: () => Promise<T>): Promise<T> => {
    uses = [];
    const result = await act();
    rows.push(row(what, uses));
    return result;
  };
  const tableOf = async (title: string) => {
    const section = (await readFile(architecture, "utf8")).split(`## ${title}\n`)[1];
    const lines = section?.split("\n## ")[0]?.split("\n") ?? [];
    return lines.filter((line) => line.startsWith("|")).slice(2);
  };

  it("is what they are", async () => {
    await start();
    // The first use of a channel also writes to the index.
    const other = await connectAs(stack, "?channel=test&channel=news");
    await other.client.close();
    await disconnected(stack, other.id);

    const { client, id } = await measure("Connect, to one channel", () => connectAs(stack));
    await measure("Subscribe", () => client.ask({ action: "subscribe", channel: "news" }));
    await measure("Publish to one", () => ask(stack.httpUrl, "POST /", "hello"));
    await measure("Disconnect, from two channels", async () => {
      await client.close();
      await disconnected(stack, id);
    });
    const table = await tableOf("What it costs in DynamoDB");
    assert.deepEqual(table.map(cells), rows.map(cells));
  });

  it("is what they are with prefixes", async () => {
    await start({ prefixSubscriptions: "true" });
    const publish = (channel: string) =>
      ask(stack.httpUrl, `POST /channels/${channel}/messages`, "hello");
    for (const channel of ["news", "orders:eu"]) await publish(channel);
    const { client } = await connectAs(stack, "?channel=");
    const subscribe = { action: "subscribe", channel: "orders:*" };
    // The first use of a prefix makes its item.
    await client.ask(subscribe);
    await client.ask({ ...subscribe, action: "unsubscribe" });

    await measure("Publish to `news`", () => publish("news"));
    await measure("Publish to `orders:eu`", () => publish("orders:eu"));
    const { last } = JSON.parse(
      await measure("Subscribe to `orders:*`", () => client.ask(subscribe)),
    ) as { last: object };
    await measure("Publish to `orders:eu`, to one who is subscribed to `orders:*`", () =>
      publish("orders:eu"),
    );
    await client.next();
    await measure("Resume `orders:*`, with a message", async () => {
      client.send({ ...subscribe, since: last });
      await client.take(2);
    });
    await client.close();
    assert.deepEqual((await tableOf("What prefixes cost")).map(cells), rows.map(cells));
  });
});

/** A row of the table: what, requests, read units, write units. */
function row(what: string, uses: Use[]): string {
  const names = [...new Set(uses.map(({ operation }) => operation))].sort();
  const requests = names.map((name) => {
    const count = uses.filter(({ operation }) => operation === name).length;
    return count === 1 ? name : `${count} ${name}`;
  });
  const units = (isRead: boolean) =>
    uses
      .filter(({ operation }) => reads.includes(operation) === isRead)
      .reduce((sum, use) => sum + use.units, 0);
  return `| ${what} | ${uses.length}: ${requests.join(", ")} | ${units(true)} | ${units(false)} |`;
}

function cells(line: string): string[] {
  return line.split("|").map((cell) => cell.trim());
}
