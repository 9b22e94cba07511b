import assert from "node:assert/strict";
import {
  countJob,
  isCounted,
  publishJob,
  readReport,
  reportOf,
  type HandedOn,
} from "../../../../handlers/store/delivery-report.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { PassingClock } from "../../../support/passing-clock.ts";

describe("the report of a delivery", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  let sequence = 0;
  before(async () => {
    channels = await openChannelTable({ clock });
  });
  after(() => channels.close());
  beforeEach(() => {
    sequence += 1;
  });

  const message = () => ({
    ...{ channel: "news", epoch: "k3f9x2", sequence, text: "hello", isJson: false },
    time: "2026-11-22T10:00:00.000Z",
  });
  const job = (id: string, deliveries = 1): HandedOn => ({ id, deliveries, isGivenUp: false });
  const count = (id: string, delivered: number, handedOn: HandedOn[] = [], gone = 0) =>
    countJob(channels.table, message(), id, { delivered, gone, handedOn }, 300);
  const read = () => readReport(channels.table, "news", `k3f9x2-${sequence}`);
  const numbers = async () => {
    const { delivered, gone, failed, pending } = (await read()) ?? assert.fail("no report");
    return { delivered, gone, failed, pending };
  };

  it("is none of a publish that has left nothing to others", async () => {
    assert.equal(await read(), undefined);
    await count("some-job", 1);
    assert.equal(await read(), undefined);
  });

  it("adds up what was done, and what is still open", async () => {
    await count(publishJob, 10, [job("a"), job("b", 3)], 2);
    assert.deepEqual(await numbers(), { delivered: 10, gone: 2, failed: 0, pending: 4 });
    await count("b", 2, [], 1);
    assert.deepEqual(await numbers(), { delivered: 12, gone: 3, failed: 0, pending: 1 });
    await count("a", 5, [job("c"), job("d")]);
    assert.deepEqual(await numbers(), { delivered: 17, gone: 3, failed: 0, pending: 2 });
    assert.equal((await read())?.finishedAt, null);
    await count("d", 1);
    clock.advance(1_000);
    const finishedAt = new Date(clock.now()).toISOString();
    await count("c", 1);
    clock.advance(1_000);
    assert.deepEqual(await read(), {
      ...{ delivered: 19, gone: 3, failed: 0, pending: 0 },
      ...{ startedAt: "2026-11-22T10:00:00.000Z", finishedAt },
    });
  });

  it("counts a job once, by the run that was first, and follows only what that has handed on", async () => {
    await count(publishJob, 0, [job("a", 2)]);
    await count("a", 1, [job("b")]);
    await count("a", 0, [job("c", 2)]);
    await count("c", 2);
    assert.deepEqual(await numbers(), { delivered: 1, gone: 0, failed: 0, pending: 1 });
    await count("b", 1);
    await count("b", 1);
    await count(publishJob, 7, []);
    assert.deepEqual(await numbers(), { delivered: 2, gone: 0, failed: 0, pending: 0 });
  });

  it("has what is in the dead letters as failed, until it is redriven and done", async () => {
    await count(publishJob, 0, [job("a", 2)]);
    await count("a", 0, [{ ...job("b", 2), isGivenUp: true }]);
    assert.deepEqual(await numbers(), { delivered: 0, gone: 0, failed: 2, pending: 0 });
    assert.notEqual((await read())?.finishedAt, null);
    await count("b", 1, [], 1);
    assert.deepEqual(await numbers(), { delivered: 1, gone: 1, failed: 0, pending: 0 });
  });

  it("knows which jobs are counted", async () => {
    assert.equal(await isCounted(channels.table, message(), "a"), false);
    await count("a", 1);
    assert.equal(await isCounted(channels.table, message(), "a"), true);
    assert.equal(await isCounted(channels.table, { ...message(), sequence: 99 }, "a"), false);
  });

  it("ends with the history, and an hour after its last job at the least", async () => {
    const keptFor = async (historySeconds: number, seconds: number) => {
      sequence += 1;
      const outcome = { delivered: 1, gone: 0, handedOn: [] };
      await countJob(channels.table, message(), publishJob, outcome, historySeconds);
      clock.advance((seconds - 2) * 1_000);
      assert.ok(await read());
      clock.advance(3_000);
      assert.equal(await read(), undefined);
    };
    await keptFor(300, 3_600);
    await keptFor(7_200, 7_200);
  });

  it("is that of the publish alone where no job of its rest is done", () => {
    const outcome = { delivered: 3, gone: 1, handedOn: [job("a", 5)] };
    const startedAt = message().time;
    assert.deepEqual(reportOf(message(), outcome, clock.now()), {
      ...{ delivered: 3, gone: 1, failed: 0, pending: 5, startedAt, finishedAt: null },
    });
  });
});
