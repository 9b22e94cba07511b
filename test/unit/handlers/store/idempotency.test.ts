import assert from "node:assert/strict";
import { RequestItem } from "../../../../handlers/store/idempotency.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { PassingClock } from "../../../support/passing-clock.ts";

const content = { text: "hello", isJson: false };
const day = 24 * 60 * 60 * 1000;

describe("the item of an Idempotency-Key", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  before(async () => {
    channels = await openChannelTable({ clock });
  });
  after(() => channels.close());

  const request = (key: string, changes: Partial<typeof content> = {}, channel = "news") =>
    new RequestItem<{ sequence: number }>(channels.table, channel, key, { ...content, ...changes });
  /** What is known of an item that there is. */
  const read = async (item: ReturnType<typeof request>) =>
    (await item.read()) ?? assert.fail("There is no item.");

  it("is made by the first request, and held by it", async () => {
    const [first, repeat] = [request("first"), request("first")];
    assert.equal(await first.read(), undefined);
    assert.deepEqual([await first.begin(), await repeat.begin()], [true, false]);
    const { token, ...known } = await read(repeat);
    assert.deepEqual(known, {
      ...{ fingerprint: first.fingerprint, startedAt: clock.now() },
      ...{ progress: undefined, answer: undefined },
    });
    assert.ok(first.isHeld({ ...known, token }));
    assert.ok(!repeat.isHeld({ ...known, token }));
  });

  it("is that of one channel and of the key's case", async () => {
    const items = [request("Own"), request("own"), request("own", {}, "sport")];
    for (const item of items) assert.equal(await item.begin(), true);
  });

  it("tells other content by its fingerprint", () => {
    const prints = [{}, {}, { text: "hello!" }, { isJson: true }].map(
      (changes) => request("print", changes).fingerprint,
    );
    assert.equal(prints[0], prints[1]);
    assert.equal(new Set(prints).size, 3);
  });

  it("keeps how far its request has come, and its answer", async () => {
    const item = request("kept");
    await item.begin();
    await item.advance({ sequence: 42 });
    assert.deepEqual((await read(item)).progress, { sequence: 42 });
    await item.end({ id: "k3f9x2-42" });
    const { progress, answer } = await read(request("kept"));
    assert.deepEqual([progress, answer], [{ sequence: 42 }, '{"id":"k3f9x2-42"}']);
  });

  it("can be taken over once its request has given up, by one other", async () => {
    const [first, second, third] = [request("failed"), request("failed"), request("failed")];
    await first.begin();
    await first.advance({ sequence: 42 });
    assert.equal(second.hasFailed(await read(second)), false);
    await first.giveUp();
    const known = await read(second);
    assert.equal(second.hasFailed(known), true);
    assert.deepEqual([await second.takeOver(known), await third.takeOver(known)], [true, false]);
    const taken = await read(third);
    assert.deepEqual([taken.progress, second.isHeld(taken)], [{ sequence: 42 }, true]);
    assert.equal(third.hasFailed(taken), false);
  });

  it("can be taken over a minute after its request began, which then can do no more", async () => {
    const [first, second] = [request("killed"), request("killed")];
    await first.begin();
    clock.advance(59_999);
    assert.equal(second.hasFailed(await read(second)), false);
    clock.advance(1);
    const known = await read(second);
    assert.equal(second.hasFailed(known), true);
    assert.equal(await second.takeOver(known), true);

    await assert.rejects(first.advance({ sequence: 7 }), /taken over/);
    await first.end("late");
    await first.giveUp();
    const { progress, answer, startedAt } = await read(second);
    assert.deepEqual([progress, answer, startedAt], [undefined, undefined, clock.now()]);
  });

  it("changes no more once it has its answer", async () => {
    const [first, second] = [request("answered"), request("answered")];
    await first.begin();
    await first.end("first");
    await first.end("second");
    await first.giveUp();
    await assert.rejects(first.advance({ sequence: 7 }));
    clock.advance(60_000);
    assert.equal(await second.takeOver(await read(second)), false);
    assert.equal((await read(second)).answer, '"first"');
  });

  it("stands for 24 hours from its first request on, and then for another", async () => {
    const [first, late] = [request("daily"), request("daily", { text: "another" })];
    await first.begin();
    await first.end("first");
    clock.advance(day - 1_000);
    assert.equal(await late.begin(), false);
    clock.advance(1_000);
    assert.equal(await late.begin(), true);
    const { fingerprint, answer, progress } = await read(late);
    assert.deepEqual([fingerprint, answer, progress], [late.fingerprint, undefined, undefined]);
  });
});
