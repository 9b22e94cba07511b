import assert from "node:assert/strict";
import type { Content } from "../../../../handlers/protocol/content.ts";
import { once } from "../../../../handlers/store/idempotency.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { PassingClock } from "../../../support/passing-clock.ts";

const content = { text: "hello", isJson: false };

describe("an Idempotency-Key", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  let acts: number;
  before(async () => {
    channels = await openChannelTable({ clock });
  });
  after(() => channels.close());
  beforeEach(() => {
    acts = 0;
  });

  const act = () => Promise.resolve({ id: `k3f9x2-${(acts += 1)}`, queued: 0 });
  const ask = (key: string, changes: Partial<Content> = {}, channel = "news") =>
    once(channels.table, { channel, key, content: { ...content, ...changes } }, act);

  it("gives a repeat the first answer, and does nothing", async () => {
    const first = await ask("repeated");
    assert.deepEqual(first, { id: "k3f9x2-1", queued: 0 });
    assert.deepEqual(await ask("repeated"), first);
    assert.equal(acts, 1);
  });

  it("is one of its channel and of its letters' case", async () => {
    await Promise.all([ask("Own"), ask("own"), ask("own", {}, "sport")]);
    assert.equal(acts, 3);
  });

  it("is refused with other content, and keeps the first answer", async () => {
    const reused = { name: "Problem", code: "idempotency-key-reused" };
    const first = await ask("reused");
    await assert.rejects(ask("reused", { text: "hello!" }), reused);
    await assert.rejects(ask("reused", { isJson: true }), reused);
    assert.deepEqual(await ask("reused"), first);
    assert.equal(acts, 1);
  });

  it("of what failed is not remembered, and the failure is told as it was", async () => {
    const failure = new Error("throttled");
    const failing = once(channels.table, { channel: "news", key: "failed", content }, () =>
      Promise.reject(failure),
    );
    await assert.rejects(failing, failure);
    assert.deepEqual(await channels.items("failed"), []);
    assert.deepEqual(await ask("failed", { text: "another" }), { id: "k3f9x2-1", queued: 0 });
  });

  it("is remembered for 24 hours", async () => {
    const day = 24 * 60 * 60 * 1000;
    const first = await ask("daily");
    clock.advance(day - 1_000);
    assert.deepEqual(await ask("daily"), first);
    clock.advance(1_000);
    assert.deepEqual(await ask("daily"), { id: "k3f9x2-2", queued: 0 });
    assert.deepEqual(await ask("daily"), { id: "k3f9x2-2", queued: 0 });
  });

  it("can be any 1 to 255 visible characters of ASCII, and nothing else", async () => {
    for (const key of ["!", '"~"', "a#b", "k".repeat(255)]) {
      assert.equal((await ask(key)).id, `k3f9x2-${acts}`);
    }
    const before = acts;
    for (const key of ["", " ", "two words", "ü", "a\n", "a\0", "k".repeat(256)]) {
      await assert.rejects(ask(key), { name: "Problem", code: "invalid-idempotency-key" });
    }
    assert.equal(acts, before);
  });
});
