import assert from "node:assert/strict";
import { merged } from "../../support/merged.ts";
import { pausedAfter, pausedBefore } from "../../support/paused.ts";
import { seeded } from "../faulty.ts";
import { World, type Open } from "./world.ts";

const isThrottled = () => false;

describe("changes of who is on a channel", function () {
  this.timeout(120_000);
  let world: World;

  async function start(sweeps: boolean): Promise<void> {
    world = await World.start(isThrottled, { graceSeconds: 0 });
    world.hasSweeps = sweeps;
  }

  /** Asserts that a watcher believes what is so. */
  function checkBelief({ belief }: Open): void {
    assert.deepEqual(belief?.here, world.members);
    belief.checkTurns();
    world.turns.checkTold(world.clock.now());
  }

  it("end with the watcher believing what is so", async () => {
    await start(false);
    const random = seeded(3);
    for (let race = 0; race < 25; race++) {
      world.beginAnew(`race-${race}`);
      // One more watches already in half of the races; in the others the first begins.
      const other = random() < 0.5 ? await world.connect("other") : undefined;
      if (other !== undefined) await world.watch(other);
      const [watcher, ann, second, ben] = [
        await world.connect("watcher", false),
        await world.connect("ann"),
        await world.connect("ann", false),
        await world.connect("ben"),
      ];
      const tasks = [
        () => world.watch(watcher),
        () => world.end(ann),
        () => world.subscribe(second),
        async () => {
          await world.unsubscribe(ben);
          await world.subscribe(ben);
        },
      ].filter((_, index) => index === 0 || random() < 0.7);
      const choose = (of: number) => Math.floor(random() * of);
      const { results, order } = await merged(tasks, { choose });
      try {
        for (const result of results) assert.equal(result.status, "fulfilled");
        await world.pass(1_000);
        for (const one of [watcher, other]) if (one !== undefined) checkBelief(one);
      } catch (error) {
        throw new Error(`${String(error)}\n${order.join("\n")}`, { cause: error });
      }
    }
  });

  it("that have a row before the watch begins are counted by it", async () => {
    await start(false);
    const [ann, watcher] = [await world.connect("ann", false), await world.connect("w", false)];
    // Its row is written, and the channel is read before somebody watches it.
    const subscribing = await pausedAfter(/^GetItem channels#news/, () => world.subscribe(ann));
    await world.watch(watcher);
    await subscribing.finish();
    checkBelief(watcher);
    assert.equal(world.told.length, 0);
  });

  it("that have none yet are seen by the first sweep, if a handshake brings them", async () => {
    await start(true);
    const watcher = await world.connect("w", false);
    const connecting = await pausedBefore(/^BatchWriteItem/, () => world.connect("ann"));
    await world.watch(watcher);
    assert.deepEqual(watcher.belief?.here, ["w"]);
    await connecting.finish();
    assert.deepEqual(watcher.belief.here, ["w"]);
    await world.pass(36_000);
    checkBelief(watcher);
  });

  it("leave nobody where the connection ends while it is counted", async () => {
    await start(false);
    const [ann, watcher] = [await world.connect("ann", false), await world.connect("w", false)];
    await world.watch(watcher);
    // Its channel is noted, and its member does not have it yet.
    const subscribing = await pausedAfter(/ADD presentIn/, () => world.subscribe(ann));
    await world.end(ann);
    await subscribing.finish();
    await world.pass(1_000);
    checkBelief(watcher);
    assert.deepEqual(
      world.told.map(({ isHere }) => isHere),
      [true, false],
    );
  });

  it("keep a connection that subscribes again while its unsubscribe is under way", async () => {
    await start(false);
    const [ann, watcher] = [await world.connect("ann"), await world.connect("w", false)];
    await world.watch(watcher);
    const leaving = await pausedBefore(/DELETE connections/, () => world.unsubscribe(ann));
    await world.subscribe(ann);
    await leaving.finish();
    await world.pass(1_000);
    checkBelief(watcher);
    assert.deepEqual(world.told, []);
  });

  it("are told by others where two begin to watch at once", async () => {
    await start(false);
    const [ann, one, two] = [
      await world.connect("ann"),
      await world.connect("one", false),
      await world.connect("two", false),
    ];
    // The first counts nobody yet; the second reads who is there, and does.
    const first = await pausedAfter(/SET watchedUntil/, () => world.watch(one));
    await world.watch(two);
    const late = await world.connect("late", false);
    const joining = await pausedBefore(/ADD presentIn/, () => world.subscribe(late));
    await first.finish();
    await joining.finish();
    await world.pass(1_000);
    checkBelief(one);
    checkBelief(two);
    await world.end(ann);
    await world.pass(1_000);
    checkBelief(two);
  });
});
