import assert from "node:assert/strict";
import type { System } from "../../../../handlers/aws/system.ts";
import { writeJob, type Job } from "../../../../handlers/delivery/job.ts";
import { maxAttempts } from "../../../../handlers/delivery/dispatch.ts";
import { work } from "../../../../handlers/delivery/worker.ts";
import type { Subscriber } from "../../../../handlers/store/subscriber.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { PassingClock } from "../../../support/passing-clock.ts";
import { closedQueue, recordedSystem, type StatusOf } from "../../../support/recorded-system.ts";

const message = {
  ...{ channel: "news", epoch: "k3f9x2", sequence: 42, text: "grüße", isJson: false },
  time: "2026-11-22T10:00:00.000Z",
};

const withoutId = ({ id, ...job }: Job) => {
  assert.match(id, /^[\w-]{16}$/);
  return job;
};

describe("a job of the queue", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  let runs = 0;
  before(async () => {
    channels = await openChannelTable({ clock });
  });
  after(() => channels.close());

  const subscriber = async (): Promise<Subscriber> => ({
    ...(await connected(channels.table, ["news", "sport"])),
    shardKey: "news#0",
  });
  async function run(
    { subscribers, ...job }: { subscribers: Subscriber[] } & Partial<Job>,
    statusOf?: StatusOf,
    { until = clock.now() + 60_000, ...changes }: Partial<System> & { until?: number } = {},
  ) {
    const recorded = recordedSystem(channels.table, statusOf, changes);
    runs += 1;
    const body = writeJob({ id: `job${runs}`, message, to: { subscribers }, attempt: 0, ...job });
    await work(recorded.system, body, { until, receives: 1 });
    return recorded;
  }

  it("is done once everyone has the message", async () => {
    const [one, other] = [await subscriber(), await subscriber()];
    const { asked, deliveries, deadLetters } = await run({ subscribers: [one, other] });
    const posts = [one, other].map(({ connectionId }) => `POST ${connectionId} grüße`);
    assert.deepEqual(asked.sort(), posts.sort());
    assert.deepEqual([deliveries, deadLetters], [[], []]);
  });

  it("removes whoever is gone, and is done", async () => {
    const gone = await subscriber();
    const { deliveries } = await run({ subscribers: [gone] }, () => 410);
    assert.deepEqual(deliveries, []);
    assert.deepEqual(await channels.items(gone.connectionId), []);
  });

  it("posts nothing to whose subscription has ended meanwhile", async () => {
    const ended = { ...(await subscriber()), expiresAt: Math.floor(clock.now() / 1000) };
    const { asked, deliveries } = await run({ subscribers: [ended] });
    assert.deepEqual([asked, deliveries], [[], []]);
    assert.deepEqual(await channels.items(ended.connectionId), []);
  });

  it("comes back for those whom it has not reached, later and with the reason", async () => {
    const [one, other] = [await subscriber(), await subscriber()];
    const statusOf = (id: string) => (id === one.connectionId ? 429 : 200);
    const { deliveries, deadLetters } = await run(
      { subscribers: [one, other], attempt: 3, reason: "status 503" },
      statusOf,
    );
    const [sent, ...others] = deliveries;
    assert.deepEqual([others, deadLetters], [[], []]);
    const job = { message, to: { subscribers: [one] }, attempt: 4, reason: "status 429" };
    assert.deepEqual(sent?.jobs.map(withoutId), [job]);
    assert.ok(sent.delaySeconds > 0 && sent.delaySeconds <= 5 * 2 ** 4);
  });

  it("comes back at once for whom there was no time, as often tried as before", async () => {
    const subscribers = [await subscriber(), await subscriber()];
    const tried = { attempt: maxAttempts - 1, reason: "status 429" };
    const late = { until: clock.now() };
    const { asked, deliveries, deadLetters } = await run(
      { subscribers, ...tried },
      undefined,
      late,
    );
    assert.deepEqual([asked, deadLetters], [[], []]);
    assert.deepEqual(
      deliveries.map(({ jobs, delaySeconds }) => [jobs.map(withoutId), delaySeconds]),
      [[[{ message, to: { subscribers }, ...tried }], 0]],
    );
  });

  it("is a dead letter after its last attempt, with whom it has not reached and why", async () => {
    const one = await subscriber();
    const last = { subscribers: [one], attempt: maxAttempts - 1 };
    const { deliveries, deadLetters } = await run(last, () => {
      throw new Error("socket hang up");
    });
    assert.deepEqual(deliveries, []);
    const to = { subscribers: [one] };
    const job = { message, to, attempt: maxAttempts, reason: "socket hang up" };
    assert.deepEqual(
      deadLetters.map(({ jobs, delaySeconds }) => [jobs.map(withoutId), delaySeconds]),
      [[[job], 0]],
    );
    assert.equal((await channels.items(one.connectionId)).length, 3);

    const before = await run({ subscribers: [one], attempt: maxAttempts - 2 }, () => 429);
    assert.deepEqual([before.deliveries.length, before.deadLetters.length], [1, 0]);
  });

  it("fails, to come back as it is, where a queue does not take what is left", async () => {
    const subscribers = [await subscriber()];
    const closed = { deliveries: closedQueue, deadLetters: closedQueue };
    for (const attempt of [0, maxAttempts - 1]) {
      const failing = run({ subscribers, attempt }, () => 500, closed);
      await assert.rejects(failing, new Error("queue closed"));
    }
  });

  it("fails where it may not post, and where it is no job", async () => {
    const subscribers = [await subscriber()];
    await assert.rejects(
      run({ subscribers }, () => 403),
      { name: "PostForbidden" },
    );
    const { system } = recordedSystem(channels.table);
    await assert.rejects(work(system, "{", { until: clock.now() + 1_000, receives: 1 }), {
      name: "SyntaxError",
    });
  });
});
