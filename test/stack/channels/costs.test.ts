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
  before(async () => {
    stack = await startTestStack({
      dynamoDb: {
        probe: {
          onUse(use) {
            // No function can scan: that is this test, looking at the table.
            if (use.operation !== "Scan") uses.push(use);
          },
        },
      },
    });
  });
  after(() => stack.close());

  it("is what they are", async () => {
    // The first use of a channel also writes to the index.
    const other = await connectAs(stack, "?channel=test&channel=news");
    await other.client.close();
    await disconnected(stack, other.id);

    const rows: string[] = [];
    const measure = async <T>(what: string, act: () => Promise<T>): Promise<T> => {
      uses = [];
      const result = await act();
      rows.push(row(what, uses));
      return result;
    };
    const { client, id } = await measure("Connect, to one channel", () => connectAs(stack));
    await measure("Subscribe", () => client.ask({ action: "subscribe", channel: "news" }));
    await measure("Publish to one", () => ask(stack.httpUrl, "POST /", "hello"));
    await measure("Disconnect, from two channels", async () => {
      await client.close();
      await disconnected(stack, id);
    });

    const section = (await readFile(architecture, "utf8")).split("## What it costs in DynamoDB")[1];
    const table =
      section
        ?.split("\n## ")[0]
        ?.split("\n")
        .filter((line) => line.startsWith("|")) ?? [];
    assert.deepEqual(table.slice(2).map(cells), rows.map(cells));
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
