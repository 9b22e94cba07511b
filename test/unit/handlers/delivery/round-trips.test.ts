import assert from "node:assert/strict";
import { publish } from "../../../../handlers/delivery/publish.ts";
import { connected } from "../../../support/connected.ts";
import { hookedTable, intercepted, type Intercept } from "../../../support/hooked-table.ts";
import { PassingClock } from "../../../support/passing-clock.ts";
import { recordedSystem } from "../../../support/recorded-system.ts";

describe("what a publish asks of the table", () => {
  it("takes two round trips before the first post: its message is kept while the subscribers are read", async () => {
    const { table } = await hookedTable(new PassingClock(Date.now()));
    await connected(table, ["news"]);
    const { system, asked } = recordedSystem(table);
    const sent: string[] = [];
    let allSent: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (allSent = resolve));
    // Neither of the second trip is answered before both are under way.
    const intercept: Intercept = async (request, send) => {
      assert.deepEqual(asked, []);
      const [operation = ""] = request.split(" ");
      sent.push(operation);
      if (sent.length === 3) allSent();
      if (sent.length > 1) await both;
      return send();
    };
    await intercepted(intercept, () => publish(system, "news", { text: "hello", isJson: false }));
    assert.deepEqual([sent[0], sent.slice(1).sort()], ["UpdateItem", ["PutItem", "Query"]]);
    assert.equal(asked.length, 1);
  });
});
