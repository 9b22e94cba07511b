import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { costTable, quotaTable } from "../../../bench/cost-table.ts";
import { costOfPublish, publishMilliseconds, subscribersWithin } from "../../../bench/cost.ts";
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
    // Ten jobs of 26 kB: one send billed as four requests, two receives as two each, two deletes.
    assert.equal(costOfPublish(5_000).queueRequests, 4 + 4 + 2);
  });

  it("sends jobs of large messages one by one, as SQS takes them", () => {
    // Ten jobs of 159 kB: ten sends billed as three requests each, two receives as 13, two deletes.
    const large = { messageBytes: 100_000 };
    assert.equal(costOfPublish(5_000, large).queueRequests, 30 + 26 + 2);
  });

  it("grows with the subscribers by a read unit for 4 KB, in pages of 1 MB a shard", () => {
    assert.deepEqual(
      [1, 100, 10_000, 10_800, 10_900, 1_000_000].map((size) => {
        const { tableRequests, readUnits } = costOfPublish(size);
        return [shardsOf(size, "test"), tableRequests, readUnits];
      }),
      [
        [1, 3, 1],
        [1, 3, 3],
        [1, 3, 237],
        [1, 3, 256],
        [2, 4, 260],
        [64, 130, 23_744],
      ],
    );
  });

  it("gives the largest channel that is read within a function's time", () => {
    const most = subscribersWithin(29_000);
    assert.ok(publishMilliseconds(most) <= 29_000);
    assert.ok(publishMilliseconds(most + 1) > 29_000);
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
