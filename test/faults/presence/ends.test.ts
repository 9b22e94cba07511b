import assert from "node:assert/strict";
import { findChannel } from "../../../handlers/store/channel.ts";
import { isWatched } from "../../../handlers/store/watch.ts";
import { World } from "./world.ts";

const minute = 60_000;

describe("a member", function () {
  this.timeout(60_000);
  let world: World;
  beforeEach(async () => {
    world = await World.start(() => false);
  });

  const turns = () =>
    world.told.map(({ member, isHere }) => `${member} ${isHere ? "joined" : "left"}`);

  it("that comes back within the grace has not left, and one that does not has", async () => {
    const watcher = await world.connect("w");
    await world.watch(watcher);
    const ann = await world.connect("ann");
    await world.end(ann);
    await world.pass(9_000);
    const again = await world.connect("ann");
    await world.pass(5 * minute);
    assert.deepEqual(turns(), ["ann joined"]);
    await world.end(again);
    await world.pass(9_000);
    assert.deepEqual(turns(), ["ann joined"]);
    await world.pass(2_000);
    assert.deepEqual(turns(), ["ann joined", "ann left"]);
  });

  it("whose connection has gone without a word has left when a post finds that", async () => {
    const watcher = await world.connect("w");
    await world.watch(watcher);
    await world.end(await world.connect("ann"), true);
    await world.pass(minute);
    assert.deepEqual(watcher.belief?.here, ["ann", "w"]);
    await world.publish();
    await world.pass(11_000);
    assert.deepEqual(watcher.belief.here, ["w"]);
  });

  it("whose connection nobody posts to has left when that would have had to end", async () => {
    const ann = await world.connect("ann");
    // Others watch longer than its connection is there.
    await world.pass(60 * minute);
    const watcher = await world.connect("w");
    await world.watch(watcher);
    await world.end(ann, true);
    await world.pass(70 * minute - 1_000);
    assert.deepEqual(watcher.belief?.here, ["ann", "w"]);
    await world.pass(13_000);
    assert.deepEqual(watcher.belief.here, ["w"]);
  });

  it("that has subscribed shortly before its end has left by then, though the next sweep is later", async () => {
    const ann = await world.connect("ann", false);
    await world.pass(125 * minute);
    const watcher = await world.connect("w");
    await world.watch(watcher);
    await world.pass(minute);
    await world.subscribe(ann);
    assert.deepEqual(turns(), ["ann joined"]);
    await world.end(ann, true);
    await world.pass(4 * minute + 11_000);
    assert.deepEqual(turns(), ["ann joined", "ann left"]);
  });

  it("ends the watch with its joining where the last watcher has gone, without a sweep", async () => {
    world.hasSweeps = false;
    const watcher = await world.connect("w");
    await world.watch(watcher);
    await world.end(watcher);
    await world.connect("ann");
    const { table, clock } = world.system;
    assert.equal(isWatched(clock, (await findChannel(table, world.channel)).watch), false);
  });

  it("is told to nobody when the last watcher has gone, and then nothing is written any more", async () => {
    const watcher = await world.connect("w");
    await world.watch(watcher);
    await world.end(watcher);
    await world.pass(20 * minute);
    const { table, clock } = world.system;
    assert.equal(isWatched(clock, (await findChannel(table, world.channel)).watch), false);
    const [posts, jobs] = [world.posts, world.jobs];
    await world.end(await world.connect("ann"));
    await world.pass(60 * minute);
    assert.deepEqual([world.posts, world.jobs], [posts, jobs]);
  });
});
