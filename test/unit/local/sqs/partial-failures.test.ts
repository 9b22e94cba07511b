import assert from "node:assert/strict";
import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { bodies, entriesOf } from "./account.ts";
import { pollers, returned } from "./poller.ts";

describe("a function that reports what it has not done with", () => {
  const start = pollers();

  /** Returns which of `a`, `b` and `c` come back when the function returns this for their ids. */
  async function comeBack(report: (ids: string[]) => unknown, reportBatchItemFailures = true) {
    const { root, QueueUrl, next, sources, clock, counts, receive } = await start({
      mapping: { reportBatchItemFailures },
    });
    const Entries = entriesOf("a", "b", "c");
    await root.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    const { records, end } = await next();
    end(returned(report(records.map(({ messageId }) => messageId))));
    await counts();
    sources.close();
    clock.advance(30_000);
    return bodies(await receive());
  }

  const failing = (...ids: unknown[]) => ({
    batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
  });

  it("gets only those again", async () => {
    assert.deepEqual(await comeBack((ids) => failing(ids[0], ids[2])), ["a", "c"]);
  });

  it("gets none again where its mapping does not take reports", async () => {
    assert.deepEqual(await comeBack((ids) => failing(ids[0]), false), []);
  });

  for (const value of [null, {}, failing(), { batchItemFailures: null }]) {
    it(`has done with all where it returns ${JSON.stringify(value)}`, async () => {
      assert.deepEqual(await comeBack(() => value), []);
    });
  }

  for (const value of [
    failing(""),
    failing(null),
    failing("another"),
    failing(1),
    { batchItemFailures: [{ id: "a" }] },
    { batchItemFailures: ["a"] },
    { batchItemFailures: "a" },
  ]) {
    it(`has done with none where it returns ${JSON.stringify(value)}`, async () => {
      assert.deepEqual(await comeBack(() => value), ["a", "b", "c"]);
    });
  }

  it("has done with none where one of several names nothing", async () => {
    assert.deepEqual(await comeBack((ids) => failing(ids[0], "another")), ["a", "b", "c"]);
  });
});
