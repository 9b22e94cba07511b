import assert from "node:assert/strict";
import { closeConnection, sendTo, showConnection } from "../../../handlers/actions/direct.ts";
import { publish } from "../../../handlers/delivery/publish.ts";
import { work } from "../../../handlers/delivery/worker.ts";
import { writeJob } from "../../../handlers/delivery/job.ts";
import { addConnection } from "../../../handlers/store/connecting.ts";
import { itemsEnd, type Connection } from "../../../handlers/store/connection.ts";
import { newId } from "../../../local/websocket/id.ts";
import { hookedTable, type HookedTable } from "../../support/hooked-table.ts";
import { PassingClock } from "../../support/passing-clock.ts";
import { pausedAfter, pausedBefore } from "../../support/paused.ts";
import { recordedSystem, type RecordedSystem } from "../../support/recorded-system.ts";

const content = { text: "hello", isJson: false };
const unknown = { code: "unknown-connection" };

describe("a client that is still connecting", () => {
  const clock = new PassingClock(Date.now());
  let hooked: HookedTable;
  let recorded: RecordedSystem;
  let isOpen: boolean;
  before(async () => {
    hooked = await hookedTable(clock);
  });
  beforeEach(() => {
    isOpen = false;
    recorded = recordedSystem(hooked.table, (_, method) => {
      if (!isOpen) return 410;
      return method === "DELETE" ? 204 : 200;
    });
  });

  const connecting = (): Connection => {
    const connectedAt = clock.now();
    const expiresAt = itemsEnd(connectedAt);
    return { connectionId: newId(), protocol: "plain", connectedAt, expiresAt };
  };
  const itemsOf = (connection: Connection, channels: string[]) => [
    ...channels.map((name) => `channel#${name}#0 ${connection.connectionId}`),
    `connection#${connection.connectionId} connection`,
  ];
  const add = (connection: Connection, channels: string[]) => async () =>
    (await addConnection(hooked.table, connection, channels)) !== undefined;

  // $connect writes its item, then its rows, and then looks at its item.
  for (const [name, pausedAt, like] of [
    ["before its rows", pausedBefore, /^BatchWriteItem/],
    ["before it looks at its item", pausedBefore, /^GetItem connection#/],
    ["after that", pausedAfter, /^GetItem connection#/],
  ] as const) {
    for (const [method, act] of [
      ["GET", (id: string) => showConnection(recorded.system, id)],
      ["POST", (id: string) => sendTo(recorded.system, id, content)],
    ] as const) {
      it(`is not removed by a ${method} ${name}, and is served when it is open`, async () => {
        const connection = connecting();
        const { connectionId } = connection;
        const adding = await pausedAt(like, add(connection, [connectionId.slice(0, 9)]));
        await assert.rejects(act(connectionId), { code: "unreached", retryAfter: 30 });
        assert.equal(await adding.finish(), true);
        isOpen = true;
        const { delivered } = await publish(recorded.system, connectionId.slice(0, 9), content);
        assert.equal(delivered, 1);
        await act(connectionId);
      });
    }
  }

  it("is refused where a DELETE came before it looks at its item", async () => {
    const connection = connecting();
    const { connectionId } = connection;
    const adding = await pausedBefore(/^GetItem connection#/, add(connection, ["a", "b"]));
    const closing = await pausedAfter(/ isClosed /, () =>
      closeConnection(recorded.system, connectionId),
    );
    assert.equal(await adding.finish(), false);
    assert.deepEqual(await hooked.items(connectionId), []);
    await closing.finish();
    assert.deepEqual(recorded.asked, [`DELETE ${connectionId}`]);
  });

  it("is closed by a DELETE that came after it", async () => {
    const connection = connecting();
    const { connectionId } = connection;
    const adding = await pausedAfter(/^GetItem connection#/, add(connection, ["a", "b"]));
    const closing = await pausedAfter(/ isClosed /, () =>
      closeConnection(recorded.system, connectionId),
    );
    assert.equal(await adding.finish(), true);
    assert.deepEqual(await hooked.items(connectionId), itemsOf(connection, ["a", "b"]));
    isOpen = true;
    await closing.finish();
    assert.deepEqual(recorded.asked, [`DELETE ${connectionId}`, `DELETE ${connectionId}`]);
    assert.deepEqual(await hooked.items(connectionId), []);
  });

  it("is left to the queue by a publish, which removes nothing of it", async () => {
    // The rows of one channel are there, those of its last are not.
    const channels = Array.from({ length: 26 }, (_, index) => `many-${index + 10}`);
    const connection = connecting();
    const { connectionId } = connection;
    const adding = await pausedBefore(/^BatchWriteItem .*many-35/, add(connection, channels));
    const { system, deliveries } = recorded;
    const { delivered, gone, pending } = await publish(system, "many-10", content);
    assert.deepEqual({ delivered, gone, pending }, { delivered: 0, gone: 0, pending: 1 });
    assert.equal(await adding.finish(), true);
    assert.deepEqual(await hooked.items(connectionId), itemsOf(connection, channels));

    const [job] = deliveries.flatMap(({ jobs }) => jobs);
    assert.ok(job);
    assert.deepEqual([job.attempt, job.reason], [1, "status 410"]);
    isOpen = true;
    await work(system, writeJob(job), { until: clock.now() + 10_000, receives: 1 });
    assert.equal(recorded.asked.at(-1), `POST ${connectionId} hello`);
  });

  it("is gone where it has not opened within 30 seconds", async () => {
    const connection = connecting();
    await add(connection, ["late"])();
    clock.advance(29_000);
    const { pending } = await publish(recorded.system, "late", content);
    assert.equal(pending, 1);
    clock.advance(1_000);
    const { gone } = await publish(recorded.system, "late", content);
    assert.equal(gone, 1);
    assert.deepEqual(await hooked.items(connection.connectionId), []);
    await assert.rejects(showConnection(recorded.system, connection.connectionId), unknown);
  });
});
