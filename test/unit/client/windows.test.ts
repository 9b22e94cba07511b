import assert from "node:assert/strict";
import type { Message } from "../../../client/types.ts";
import type * as Module from "../../../client/windows.ts";
import type { LastIds, PrefixGap, Windows } from "../../../client/windows.ts";
import { clientWith, ManualTimers } from "../../client/manual-timers.ts";

const id = (sequence: number, epoch = "epoch1") => `${epoch}-${sequence}`;

describe("the windows of a prefix", () => {
  const timers = new ManualTimers();
  let delivered: string[];
  let gaps: PrefixGap[];
  let windows: Windows;

  const open = async (first?: LastIds | null, order = 15_000) => {
    const { openWindows } = await clientWith<typeof Module>(timers, "windows");
    [delivered, gaps] = [[], []];
    windows = openWindows({
      ...{ first, order },
      deliver: ({ channel, id }) => delivered.push(`${channel} ${id.split("-")[1]}`),
      onGap: (gap) => gaps.push(gap),
      retake(message) {
        windows.take(message);
      },
    });
    windows.resume();
  };
  const take = (channel: string, ...sequences: number[]) => {
    for (const sequence of sequences) {
      const message: Message = { id: id(sequence), channel, data: sequence, time: "" };
      windows.take(message);
    }
  };
  /** Subscribes once: the reply is to what is asked for now. */
  const reply = (last: LastIds | null, recovered?: boolean) =>
    windows.settle(last, recovered, windows.since());
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, number) => [`a:${number}`, id(1)]));

  it("begin a channel at its last id, and one that comes up later at its first message", async () => {
    await open();
    assert.equal(windows.since(), undefined);
    take("a:eu", 4);
    take("a:new", 2);
    assert.equal(reply({ "a:eu": id(3), "a:us": id(9) }), 0);
    take("a:new", 1);
    take("a:us", 10, 10, 9);
    take("a:late", 2, 1);
    assert.deepEqual(delivered, [
      "a:eu 4",
      "a:new 1",
      "a:new 2",
      "a:us 10",
      "a:late 1",
      "a:late 2",
    ]);
    const last = { "a:eu": id(4), "a:us": id(10), "a:new": id(2), "a:late": id(2) };
    assert.deepEqual(windows.last(), last);
    assert.deepEqual(windows.since(), last);
  });

  it("begin a channel of which nothing is known with the first of those that come in a second", async () => {
    await open();
    assert.equal(reply(null), 0);
    take("a:eu", 6, 5);
    take("a:new", 1);
    timers.advance(0);
    assert.deepEqual(delivered, ["a:new 1"]);
    timers.advance(1_000);
    take("a:eu", 7);
    assert.deepEqual(delivered, ["a:new 1", "a:eu 5", "a:eu 6", "a:eu 7"]);
    assert.deepEqual(gaps, []);
  });

  it("resume no more than 100 channels at once, each once for a connection, and then those that miss something", async () => {
    await open(many(250));
    const asked: number[] = [];
    const ask = () => {
      const since = windows.since();
      if (since) asked.push(Object.keys(since).length);
      return reply(null, since ? false : undefined);
    };
    while (ask() > 0);
    assert.deepEqual(asked, [100, 100, 50]);
    // Once for a connection, however often it is asked.
    assert.deepEqual(gaps, [{ channel: null, after: null, before: null }]);
    take("a:7", 3);
    assert.equal(windows.isWhole(), false);
    assert.equal(reply(null), 1);
    assert.deepEqual(windows.since(), { "a:7": id(1) });
    take("a:7", 2);
    assert.deepEqual(windows.since(), {});
    windows.resume();
    assert.equal(ask(), 1);
    assert.equal(gaps.length, 2);
  });

  it("give nothing of before where there are no more than 100 any more, and say that something may be lost", async () => {
    for (const isCut of [true, false]) {
      await open();
      assert.equal(reply(null), 0);
      take("a:eu", 5);
      timers.advance(1_000);
      if (isCut) windows.resume();
      else take("a:eu", 7);
      // With its id the stack would replay all that it keeps of the others.
      assert.equal(windows.since(), undefined);
      const last = { "a:eu": id(7), "a:us": id(9) };
      assert.equal(reply(last), 1);
      assert.deepEqual(windows.since(), { "a:eu": id(5), "a:us": id(9) });
      take("a:eu", 6, 7);
      assert.equal(reply(last, true), 0);
      take("a:us", 9, 10);
      take("a:new", 1);
      assert.deepEqual(delivered, ["a:eu 5", "a:eu 6", "a:eu 7", "a:us 10", "a:new 1"]);
      assert.deepEqual(gaps, [{ channel: null, after: null, before: null }]);
    }
  });

  it("say nothing of the kind where they know each of these, and take no message for lost before a replay", async () => {
    await open();
    reply(null);
    take("a:eu", 1);
    timers.advance(0);
    windows.resume();
    const last = { "a:eu": id(3) };
    assert.deepEqual([reply(last), reply(last, true), reply(last, true)], [1, 1, 0]);
    assert.deepEqual([gaps, windows.last()], [[], last]);
  });

  it("tell of the hole of one channel where no reply brings it, with ids or without", async () => {
    for (const last of [{ "a:eu": id(3), "a:us": id(1) }, null]) {
      await open({ "a:eu": id(1), "a:us": id(1) });
      take("a:eu", 3);
      const replies = [1, 2, 3, 4].map(() => reply(last, false));
      assert.deepEqual(replies, [1, 2, 3, 0]);
      assert.deepEqual(delivered, ["a:eu 3"]);
      assert.deepEqual(gaps.at(-1), { channel: "a:eu", after: id(1), before: id(3) });
      assert.equal(windows.isWhole(), true);
    }
  });

  it("take nothing for lost while a replay ends where it may", async () => {
    await open({ "a:eu": id(1), "a:us": id(1) });
    const last = { "a:eu": id(3001), "a:us": id(2) };
    for (let round = 0; round < 3; round++) {
      const since = windows.since();
      for (let number = 0; number < 1_000; number++) take("a:eu", 2 + round * 1_000 + number);
      assert.equal(windows.settle(last, false, since), 1);
    }
    const since = windows.since();
    take("a:us", 2);
    assert.equal(windows.settle(last, true, since), 0);
    assert.deepEqual([gaps, delivered.length], [[], 3_001]);
  });

  it("tell of a channel that has ended, and begin it anew at its first message", async () => {
    await open({ "a:eu": id(3), "a:us": null });
    assert.equal(reply({}, false), 0);
    assert.deepEqual(gaps, [{ channel: "a:eu", after: id(3), before: null }]);
    assert.deepEqual(windows.last(), { "a:us": null });
    windows.take({ id: id(1, "epoch2"), channel: "a:eu", data: 1, time: "" });
    assert.deepEqual(delivered, ["a:eu 1"]);
  });

  it("deliver what has waited too long for one before it, and of no other channel", async () => {
    await open({ "a:eu": id(1), "a:us": id(1) });
    take("a:eu", 3);
    timers.advance(10_000);
    take("a:us", 3);
    timers.advance(5_000);
    windows.flush();
    assert.deepEqual(delivered, ["a:eu 3"]);
  });

  it("keep 1,000 channels in mind, those that were heard of last", async () => {
    await open(many(1_000));
    take("a:0", 2);
    take("a:1", 3);
    take("b", 1);
    take("a:1", 2);
    take("a:2", 1);
    const last = windows.last();
    assert.equal(Object.keys(last).length, 1_000);
    assert.deepEqual([last["a:0"], last["a:2"], last.b], [id(2), undefined, id(1)]);
  });
});
