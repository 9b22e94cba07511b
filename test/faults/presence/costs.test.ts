import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Use } from "../../../local/dynamodb/probe.ts";
import { openChannelTable, type ChannelTable } from "../../support/channel-table.ts";
import { World } from "./world.ts";

const architecture = new URL("../../../docs/architecture.md", import.meta.url);

describe("what docs/architecture.md says of presence", function () {
  this.timeout(60_000);
  let channels: ChannelTable;
  let world: World;
  let uses: Use[] = [];
  before(async () => {
    world = await World.start(
      () => false,
      { historySeconds: 300 },
      async (clock) => {
        channels = await openChannelTable({ clock, probe: { onUse: (use) => uses.push(use) } });
        return channels;
      },
    );
  });
  after(() => channels.close());

  /** Returns the row of the table: what, DynamoDB requests, read units, write units, jobs, posts. */
  async function measure(what: string, act: () => Promise<unknown>): Promise<string[]> {
    uses = [];
    const [posts, jobs] = [world.posts, world.jobs];
    await act();
    const units = (isRead: boolean) =>
      uses
        .filter(({ operation }) => /GetItem|Query/.test(operation) === isRead)
        .reduce((sum, use) => sum + use.units, 0);
    const counts = [uses.length, units(true), units(false), world.jobs - jobs, world.posts - posts];
    return [what, ...counts.map(String)];
  }

  it("is nothing where nobody asks: all costs as without members", async () => {
    // The first use of a channel also writes to the index.
    await world.end(await world.connect("first"));
    const rows: string[][] = [];
    for (const member of ["ann", undefined]) {
      const other = await world.connect(member, false);
      let client = other;
      rows.push([
        ...(await measure("connect", async () => (client = await world.connect(member)))),
        ...(await measure("publish", () => world.publish())),
        ...(await measure("disconnect", () => world.end(client))),
        ...(await measure("subscribe", () => world.subscribe(other))),
        ...(await measure("unsubscribe", () => world.unsubscribe(other))),
      ]);
      await world.end(other);
    }
    assert.deepEqual(rows[0], rows[1]);
    // As docs/architecture.md has them of old.
    const [connect, publish, disconnect, subscribe] = [
      ["connect", "4", "1", "3", "0", "0"],
      ["publish", "3", "1", "2", "0", "1"],
      ["disconnect", "2", "0", "2", "0", "0"],
      ["subscribe", "6", "3", "3", "0", "0"],
    ];
    assert.deepEqual(rows[0]?.slice(0, 24), [...connect, ...publish, ...disconnect, ...subscribe]);
  });

  it("is what it is", async () => {
    world.beginAnew("watched");
    const list = { action: "presence", channel: "watched" };
    const [ann] = [await world.connect("ann"), await world.connect("ben")];
    const rows = [await measure("Read two members, nobody watches", () => world.send(ann, list))];
    const watcher = await world.connect("w", false);
    rows.push(
      await measure("Subscribe and begin to watch two members", () => world.watch(watcher)),
    );
    const other = await world.connect("x", false);
    rows.push(await measure("Subscribe and watch, too", () => world.watch(other)));
    await world.unsubscribe(other);
    await world.pass(11_000);
    rows.push(await measure("Read three members", () => world.send(ann, list)));
    const [one, two] = [await world.connect("cid", false), await world.connect("cid", false)];
    rows.push(
      await measure("Subscribe, the member joins", () => world.subscribe(one)),
      await measure("Subscribe once more", () => world.subscribe(two)),
      await measure("Disconnect, the member stays", () => world.end(two)),
      await measure("Disconnect, the member leaves", async () => {
        await world.end(one);
        await world.pass(11_000);
      }),
      await measure("Sweep", () => world.pass(30_000)),
    );
    const [, section = ""] = (await readFile(architecture, "utf8")).split(
      "## What presence costs\n",
    );
    const lines =
      section
        .split("\n## ")[0]
        ?.split("\n")
        .filter((line) => line.startsWith("|")) ?? [];
    const cells = lines.slice(2).map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    assert.deepEqual(cells, rows);
  });
});
