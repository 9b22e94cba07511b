import assert from "node:assert/strict";
import { publishOnce } from "../../../../handlers/delivery/publish-once.ts";
import { findChannel } from "../../../../handlers/store/channel.ts";
import { RequestItem } from "../../../../handlers/store/idempotency.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { PassingClock } from "../../../support/passing-clock.ts";
import { recordedSystem, type StatusOf } from "../../../support/recorded-system.ts";

const content = { text: "hello", isJson: false };
const problem = (code: string) => ({ name: "Problem", code });

describe("a publish with an Idempotency-Key", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  before(async () => {
    channels = await openChannelTable({ clock });
  });
  after(() => channels.close());

  const ask = (channel: string, key: string, changes = {}, statusOf?: StatusOf) => {
    const { system } = recordedSystem(channels.table, statusOf);
    return publishOnce(system, channel, { ...content, ...changes }, key);
  };
  const messagesOf = async (channel: string) =>
    (await findChannel(channels.table, channel)).sequence;

  it("gives a repeat the first answer, and publishes nothing", async () => {
    const first = await ask("news", "key");
    await connected(channels.table, ["news"]);
    assert.deepEqual(await ask("news", "key"), first);
    assert.equal(await messagesOf("news"), 1);
    assert.equal((await ask("news", "other")).delivered, 1);
  });

  it("is none without a key: each of two is published", async () => {
    const { system } = recordedSystem(channels.table);
    for (const id of [/-1$/, /-2$/]) {
      assert.match((await publishOnce(system, "keyless", content, undefined)).id, id);
    }
    assert.deepEqual(await channels.items("request#keyless"), []);
  });

  it("is one of its channel", async () => {
    await Promise.all([ask("one", "key"), ask("two", "key")]);
    assert.deepEqual([await messagesOf("one"), await messagesOf("two")], [1, 1]);
  });

  it("is refused with other content, and keeps the first answer", async () => {
    const first = await ask("reused", "key");
    for (const changes of [{ text: "hello!" }, { isJson: true }]) {
      await assert.rejects(ask("reused", "key", changes), problem("idempotency-key-reused"));
    }
    assert.deepEqual(await ask("reused", "key"), first);
    assert.equal(await messagesOf("reused"), 1);
  });

  it("goes on with the number of one that has failed", async () => {
    await connected(channels.table, ["failed"]);
    const failing = ask("failed", "key", {}, () => 403);
    await assert.rejects(failing, { name: "PostForbidden" });
    const { id, delivered } = await ask("failed", "key");
    assert.match(id, /-1$/);
    assert.equal(delivered, 1);
    assert.equal(await messagesOf("failed"), 1);
  });

  it("tells to come again while the first is under way, until that must have ended", async () => {
    await new RequestItem(channels.table, "slow", "key", content).begin();
    const asked = clock.now();
    await assert.rejects(ask("slow", "key"), { ...problem("request-in-progress"), retryAfter: 2 });
    assert.ok(clock.now() - asked <= 2_000, `${clock.now() - asked} ms`);
    assert.equal(await messagesOf("slow"), 0);
    clock.advance(60_000);
    assert.match((await ask("slow", "key")).id, /-1$/);
  });

  it("is remembered for 24 hours", async () => {
    const first = await ask("daily", "key");
    clock.advance(24 * 60 * 60 * 1000 - 1_000);
    assert.deepEqual(await ask("daily", "key"), first);
    clock.advance(1_000);
    assert.match((await ask("daily", "key", { text: "another" })).id, /-2$/);
  });

  it("is refused where it excludes another connection, or none any more", async () => {
    const { system } = recordedSystem(channels.table);
    const excluding = (exclude?: string) =>
      publishOnce(system, "excluding", content, "key", { exclude });
    const first = await excluding("one");
    for (const exclude of ["another", undefined]) {
      await assert.rejects(excluding(exclude), problem("idempotency-key-reused"));
    }
    assert.deepEqual(await excluding("one"), first);
  });

  it("may be repeated by another connection that excludes itself, as the first has done", async () => {
    const { system } = recordedSystem(channels.table);
    const publish = (from: string, exclude?: string) =>
      publishOnce(system, "itself", content, "key", { from, exclude });
    const first = await publish("one", "one");
    assert.deepEqual(await publish("other", "other"), first);
    await assert.rejects(publish("other"), problem("idempotency-key-reused"));
  });
});
