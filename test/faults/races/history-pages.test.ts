import assert from "node:assert/strict";
import { excerptMembers } from "../../../handlers/actions/excerpt.ts";
import type { System } from "../../../handlers/aws/system.ts";
import { publish, type Published } from "../../../handlers/delivery/publish.ts";
import { findChannel } from "../../../handlers/store/channel.ts";
import { hookedTable } from "../../support/hooked-table.ts";
import { PassingClock } from "../../support/passing-clock.ts";
import { failing, pausedBefore } from "../../support/paused.ts";
import { recordedSystem } from "../../support/recorded-system.ts";

const toKeep = /^PutItem messages#/;

type Page = { messages: { id: string; data: string }[]; more: boolean };

describe("history pages under several publishers", () => {
  const clock = new PassingClock(Date.now());
  let system: System;
  before(async () => {
    const { table } = await hookedTable(clock);
    ({ system } = recordedSystem(table));
  });

  const send = (channel: string, text: string) => () =>
    publish(system, channel, { text, isJson: false });

  async function read(channel: string, since?: Published, limit = 10) {
    const range = { since: since?.id, limit, maxBytes: 10_000 };
    const members = await excerptMembers(
      system.table,
      await findChannel(system.table, channel),
      range,
    );
    const { messages, more } = JSON.parse(`{${members}}`) as Page;
    return { data: messages.map(({ data }) => data), more };
  }

  it("end before a message that is about to be kept", async () => {
    const first = await send("gap", "1")();
    const second = await pausedBefore(toKeep, send("gap", "2"));
    await send("gap", "3")();
    assert.deepEqual(await read("gap"), { data: ["1"], more: true });
    assert.deepEqual(await read("gap", first), { data: [], more: true });
    clock.advance(59_000);
    assert.deepEqual(await read("gap", first), { data: [], more: true });

    await second.finish();
    assert.deepEqual(await read("gap", first), { data: ["2", "3"], more: false });
    assert.deepEqual(await read("gap", first, 1), { data: ["2"], more: true });
  });

  it("begin with a message that is about to be kept, however old those before it are", async () => {
    await send("begin", "1")();
    clock.advance(301_000);
    const second = await pausedBefore(toKeep, send("begin", "2"));
    await send("begin", "3")();
    assert.deepEqual(await read("begin"), { data: [], more: true });
    await second.finish();
    assert.deepEqual(await read("begin"), { data: ["2", "3"], more: false });
  });

  it("begin at once with the first message after a long silence", async () => {
    await send("silence", "1")();
    clock.advance(301_000);
    await send("silence", "2")();
    assert.deepEqual(await read("silence"), { data: ["2"], more: false });
  });

  it("pass it a minute later, when it never will be", async () => {
    const first = await send("never", "1")();
    await assert.rejects(failing(toKeep, send("never", "2")));
    await send("never", "3")();
    assert.deepEqual(await read("never", first), { data: [], more: true });
    clock.advance(60_000);
    assert.deepEqual(await read("never", first), { data: ["3"], more: false });
    assert.deepEqual(await read("never"), { data: ["1", "3"], more: false });
  });

  it("end before the second gap where the first has closed", async () => {
    await send("two", "1")();
    await assert.rejects(failing(toKeep, send("two", "2")));
    const third = await send("two", "3")();
    clock.advance(60_000);
    const fourth = await pausedBefore(toKeep, send("two", "4"));
    await send("two", "5")();
    assert.deepEqual(await read("two"), { data: ["1", "3"], more: true });
    await fourth.finish();
    assert.deepEqual(await read("two", third), { data: ["4", "5"], more: false });
  });

  it("do not wait for the latest message, which comes after all that they have", async () => {
    const first = await send("last", "1")();
    const second = await pausedBefore(toKeep, send("last", "2"));
    assert.deepEqual(await read("last"), { data: ["1"], more: false });
    await second.finish();
    assert.deepEqual(await read("last", first), { data: ["2"], more: false });
  });
});
