import assert from "node:assert/strict";
import { seeded } from "../faulty.ts";
import { World, type Open } from "./world.ts";

const steps = Number(process.env.PRESENCE_STEPS ?? 500);
const memberCount = 200;

/** API Gateway ends a connection after 2 hours. */
const longest = 2 * 60 * 60 * 1000;

/** A throttled post is tried again by the queue, a few minutes later at most after five of them. */
const throttledTelling = 10 * 60 * 1000;

describe("members who come, go, are cut and come back at random", function () {
  // A step takes a few dozen requests, on a machine that does other things too.
  this.timeout(60_000 + steps * 600);

  for (const { what, throttled, lost, telling } of [
    { what: "", throttled: 0, lost: 0, telling: 0 },
    {
      what: ", with posts throttled and $disconnect lost",
      ...{ throttled: 0.1, lost: 0.1, telling: throttledTelling },
    },
  ]) {
    it(`are what each watcher believes when the dust has settled, ${steps} times${what}`, async () => {
      const random = seeded(17);
      const world = await World.start(() => random() < throttled);
      const pick = <One>(of: One[]) => of[Math.floor(random() * of.length)];
      const names = Array.from({ length: memberCount }, (_, index) => `m${index}`);
      const isLost = () => random() < lost;

      const come = async () => {
        const name = pick(names) ?? "";
        const own = [...world.open.values()].filter(({ member }) => member === name);
        if (own.length >= 3) return;
        const kind = random();
        const client = await world.connect(name, kind < 0.8);
        client.isBusy = true;
        const watchers = [...world.open.values()].filter(({ belief }) => belief !== undefined);
        if (kind >= 0.97 || watchers.length < 5) await world.watch(client);
        else if (kind >= 0.8) await world.subscribe(client);
        client.isBusy = false;
      };
      const leave = async (client: Open) => {
        const { connectionId, isSubscribed } = client;
        if (isSubscribed && random() < 0.2) {
          await world.unsubscribe(client);
          if (world.open.has(connectionId)) await world.end(client, isLost());
        } else await world.end(client, isLost());
      };
      /** It comes back: before it has left, or later, and sometimes before its old connection has ended. */
      const cut = async (client: Open) => {
        const again = async () => {
          await world.pass(random() * 15_000);
          const next = await world.connect(client.member, client.isSubscribed);
          next.isBusy = true;
          if (client.belief !== undefined) await world.watch(next);
          next.isBusy = false;
        };
        if (random() < 0.3) await Promise.all([again(), world.end(client, isLost())]);
        else {
          await world.end(client, isLost());
          await again();
        }
      };

      const renew = async (age: number) => {
        for (const client of [...world.open.values()]) {
          if (client.connectedAt + age < world.clock.now()) await cut(client);
        }
      };
      const step = async () => {
        const client = pick([...world.open.values()].filter(({ isBusy }) => !isBusy));
        const kind = random();
        if (client === undefined || kind < 0.4) {
          await come();
          return;
        }
        // A client does one thing at a time.
        client.isBusy = true;
        if (kind < 0.7) await leave(client);
        else if (kind < 0.98) await cut(client);
        else await world.publish();
        client.isBusy = false;
      };

      for (let count = 0; count < 5; count++) await world.watch(await world.connect(`w${count}`));
      for (let done = 0; done < steps;) {
        const together = random() < 0.3 ? 3 : 1;
        await Promise.all(Array.from({ length: together }, step));
        done += together;
        await world.pass(random() * 4_000);
        await renew(longest);
        world.turns.checkTold(world.clock.now() - telling);
      }
      // None of them ends by its time while the dust settles.
      await renew(longest / 2);
      // Who is gone is found by a post, but while it may still be connecting.
      await world.pass(60_000);
      await world.publish();
      await world.pass(60_000);

      world.turns.checkTold(world.clock.now());
      const watchers = [...world.open.values()].filter(({ belief }) => belief !== undefined);
      assert.ok(watchers.length >= 3, `${watchers.length}`);
      for (const { belief } of watchers) {
        assert.deepEqual(belief?.here, world.members);
        belief.checkTurns();
      }
      const [asker = assert.fail()] = world.open.values();
      const reply = await world.send(asker, {
        action: "presence",
        channel: world.channel,
        limit: 1_000,
      });
      const { members } = JSON.parse(reply) as {
        members: { member: string; connections: number }[];
      };
      const counts = members.map(({ member, connections }) => [member, connections]);
      const open = [...world.open.values()].filter(({ isSubscribed }) => isSubscribed);
      const countOf = (name: string) => open.filter(({ member }) => member === name).length;
      assert.deepEqual(
        Object.fromEntries(counts),
        Object.fromEntries(world.members.map((name) => [name, countOf(name)])),
      );
    });
  }
});
