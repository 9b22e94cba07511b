import assert from "node:assert/strict";
import type { System } from "../../../../handlers/aws/system.ts";
import { publish } from "../../../../handlers/delivery/publish.ts";
import { findChannel } from "../../../../handlers/store/channel.ts";
import { keptFrom } from "../../../../handlers/store/history.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { PassingClock } from "../../../support/passing-clock.ts";
import { closedQueue, recordedSystem, type StatusOf } from "../../../support/recorded-system.ts";

const content = { text: "hello", isJson: false };

describe("a publish", () => {
  let channels: ChannelTable;
  let operations: string[];
  before(async () => {
    channels = await openChannelTable({
      clock: new PassingClock(Date.now()),
      fault: ({ operation }) => void operations.push(operation),
    });
  });
  after(() => channels.close());
  beforeEach(() => {
    operations = [];
  });

  const here = (statusOf?: StatusOf, changes?: Partial<System>) =>
    recordedSystem(channels.table, statusOf, changes);
  const connect = (channel: string, count: number) =>
    Promise.all(Array.from({ length: count }, () => connected(channels.table, [channel])));
  const kept = async (name: string) => {
    const texts: string[] = [];
    for await (const { text } of keptFrom(
      channels.table,
      await findChannel(channels.table, name),
      1,
    )) {
      texts.push(text);
    }
    return texts;
  };

  it("takes the channel's next id, and says who has it", async () => {
    const [one, other] = await connect("news", 2);
    const { system, asked } = here();
    const first = await publish(system, "news", content);
    const { epoch } = await findChannel(channels.table, "news");
    const now = new Date(system.clock.now()).toISOString();
    assert.deepEqual(first, {
      ...{ id: `${epoch}-1`, channel: "news", delivered: 2, gone: 0, failed: 0, pending: 0 },
      ...{ startedAt: now, finishedAt: now },
    });
    assert.equal((await publish(system, "news", { text: "[1]", isJson: true })).id, `${epoch}-2`);
    const posts = [one, other].map((to) => `POST ${to?.connectionId ?? ""} `);
    assert.deepEqual(asked.sort(), posts.flatMap((post) => [`${post}[1]`, `${post}hello`]).sort());
  });

  it("has the time at which it came", async () => {
    const { connectionId } = await connected(channels.table, ["now"], { protocol: "channels.v1" });
    const { system, asked } = here();
    const time = new Date(system.clock.now()).toISOString();
    const { id } = await publish(system, "now", content);
    const frame = `{"type":"message","channel":"now","id":"${id}","data":"hello","time":"${time}"}`;
    assert.deepEqual(asked, [`POST ${connectionId} ${frame}`]);
  });

  it("comes to its publisher, unless that is excluded or wants no echo", async () => {
    const [one, other] = await connect("echo", 2);
    const quiet = await connected(channels.table, ["echo"], { echo: false });
    const { system, asked } = here();
    const ids = [one, other, quiet].map((to) => to?.connectionId);
    for (const [from, exclude, left] of [
      [ids[0], undefined, undefined],
      [ids[0], ids[0], ids[0]],
      [undefined, ids[1], ids[1]],
      [ids[2], undefined, ids[2]],
      [ids[2], ids[1], ids[2]],
    ]) {
      asked.length = 0;
      const { delivered } = await publish(system, "echo", content, { from, exclude });
      const reached = ids.filter((id) => id !== left && id !== exclude);
      assert.equal(delivered, reached.length);
      assert.deepEqual(asked.sort(), reached.map((id) => `POST ${id ?? ""} hello`).sort());
    }
  });

  it("reaches nobody where nobody is, and is kept all the same", async () => {
    const { delivered, gone, pending } = await publish(here().system, "empty", content);
    assert.deepEqual({ delivered, gone, pending }, { delivered: 0, gone: 0, pending: 0 });
    assert.deepEqual(await kept("empty"), ["hello"]);
  });

  it("is kept before anybody has it", async () => {
    await connect("kept", 1);
    operations = [];
    const { system } = here(() => {
      operations.push("POST");
      return 200;
    });
    await publish(system, "kept", content);
    const [keeping, posting] = [operations.indexOf("PutItem"), operations.indexOf("POST")];
    assert.ok(keeping >= 0 && keeping < posting, operations.join());
  });

  it("is not kept where the stack keeps nothing", async () => {
    await publish(here(undefined, { historySeconds: 0 }).system, "unkept", content);
    assert.deepEqual(await channels.items("messages#unkept"), []);
  });

  it("says who is gone, and hands on to the queue who was not reached, to be tried later", async () => {
    const [one, two, three] = await connect("mixed", 3);
    const status = new Map([
      [one?.connectionId, 410],
      [two?.connectionId, 503],
    ]);
    const { system, deliveries } = here((id) => status.get(id) ?? 200);
    const { delivered, gone, pending, finishedAt } = await publish(system, "mixed", content);
    assert.deepEqual([delivered, gone, pending, finishedAt], [1, 1, 1, null]);
    const [sent, ...others] = deliveries;
    assert.deepEqual(others, []);
    assert.ok(sent && sent.delaySeconds > 0 && sent.delaySeconds <= 10);
    const [job] = sent.jobs;
    assert.deepEqual(job?.to, { subscribers: [{ ...two, shardKey: "mixed#0" }] });
    assert.deepEqual([job.attempt, job.reason, job.message.text], [1, "status 503", "hello"]);
    assert.deepEqual(await channels.items(one?.connectionId), []);
    assert.equal((await channels.items(three?.connectionId)).length, 2);
  });

  it("serves as many as it may itself, and hands on the others at once", async () => {
    const all = await connect("large", 5);
    const { system, asked, deliveries } = here(undefined, { inlineRecipients: 2 });
    const { delivered, gone, pending } = await publish(system, "large", content);
    assert.deepEqual({ delivered, gone, pending }, { delivered: 2, gone: 0, pending: 1 });
    const jobs = deliveries.flatMap((sent) => sent.jobs);
    assert.ok(deliveries.every(({ delaySeconds }) => delaySeconds === 0));
    assert.ok(jobs.every(({ attempt }) => attempt === 0));
    const reached = asked.map((post) => post.split(" ")[1] ?? "");
    const ids = all.map(({ connectionId }) => connectionId).sort();
    assert.deepEqual(reached.sort(), ids.slice(0, 2));
    const range = { shards: 1, shard: 0, after: ids[1], halvings: 0 };
    assert.deepEqual(
      jobs.map(({ to }) => to),
      [{ range }],
    );
  });

  it("fails where it may not post, and where the queue does not take the rest", async () => {
    await connect("failing", 2);
    const forbidden = publish(here(() => 403).system, "failing", content);
    await assert.rejects(forbidden, { name: "PostForbidden" });
    for (const changes of [{ inlineRecipients: 1 }, {}]) {
      const { system } = here(() => 429, { ...changes, deliveries: closedQueue });
      await assert.rejects(publish(system, "failing", content), new Error("queue closed"));
    }
  });
});
