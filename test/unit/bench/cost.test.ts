import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { costTable, quotaTable } from "../../../bench/cost-table.ts";
import { costOfPublish, publishMilliseconds } from "../../../bench/cost.ts";
import { shardsOf } from "../../../bench/table-use.ts";

describe("what a publish costs", () => {
  it("is mostly a WebSocket message for each subscriber", () => {
    const { dollars } = costOfPublish(1_000_000);
    assert.ok(dollars > 1 && dollars < 1.02, String(dollars));
  });

  it("counts a message as many times as it has 32 KB", () => {
    const extra = costOfPublish(1_000, { messageBytes: 32_769 }).dollars;
    const one = costOfPublish(1_000, { messageBytes: 32_768 }).dollars;
    assert.ok(extra - one > 0.00099 && extra - one < 0.00101, String(extra - one));
  });

  it("needs no queue up to the subscribers that a publish serves itself", () => {
    assert.equal(costOfPublish(1_000).queueRequests, 0);
    // One job: sent, received, deleted.
    assert.equal(costOfPublish(1_001).queueRequests, 3);
    assert.equal(costOfPublish(101, { inlineRecipients: 100 }).queueRequests, 3);
    // A job of 2,000 and one for each half of the others: two sends, three receives, three deletes.
    assert.equal(costOfPublish(5_000).queueRequests, 2 + 3 + 3);
  });

  it("sends jobs of large messages one by one, as SQS takes them", () => {
    // Three jobs of 134 kB: each is sent and received, which is billed as three requests, and deleted.
    const large = { messageBytes: 100_000 };
    assert.equal(costOfPublish(5_000, large).queueRequests, 9 + 9 + 3);
  });

  it("grows with the subscribers by a read unit for 4 KB, and a few for each job", () => {
    assert.deepEqual(
      [1, 100, 10_000, 15_000, 15_001, 1_000_000].map((size) => {
        const { tableRequests, readUnits, writeUnits } = costOfPublish(size);
        return [shardsOf(size, 1_000), tableRequests, readUnits, writeUnits];
      }),
      [
        [1, 3, 1, 2],
        [1, 3, 3, 2],
        [1, 26, 248, 10],
        [1, 26, 368, 10],
        [2, 48, 376, 17],
        [64, 2_948, 25_088, 966],
      ],
    );
  });

  it("is answered in the same time, however many there are", () => {
    assert.equal(publishMilliseconds(1_000), publishMilliseconds(1_000_000));
    assert.ok(publishMilliseconds(1_000) < 500);
  });
});

describe("docs/architecture.md", () => {
  for (const [heading, cells] of [
    ["What one publish costs", costTable()],
    ["Quotas", quotaTable()],
  ] as const) {
    it(`has the table of "${heading}" as the arithmetic gives it`, async () => {
      const page = await readFile(
        new URL("../../../docs/architecture.md", import.meta.url),
        "utf8",
      );
      const [, section = ""] = page.split(`## ${heading}\n`);
      const [ofSection = ""] = section.split("\n## ");
      const lines = ofSection.split("\n").filter((line) => line.startsWith("|"));
      const rows = lines.map((line) =>
        line
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
      assert.deepEqual(
        rows.filter(([first = ""]) => !/^-+$/.test(first)),
        cells,
      );
    });
  }
});
