import assert from "node:assert/strict";
import { Problem } from "../../../handlers/protocol/problem.ts";
import { growChannel, openChannel } from "../../../handlers/store/channel.ts";
import { findConnection } from "../../../handlers/store/connection.ts";
import { removeConnections } from "../../../handlers/store/removal.ts";
import { systemClock } from "../../../local/shared/clock.ts";
import { newId } from "../../../local/websocket/id.ts";
import {
  Changes,
  checkReplies,
  rowsAndNames,
  subscribed,
  type Said,
} from "../../support/changes.ts";
import { hookedTable, type HookedTable } from "../../support/hooked-table.ts";
import { merged, type Fate } from "../../support/merged.ts";
import { seeded } from "../faulty.ts";

const seeds = 100;

type Change = { connectionId: string; text: string; run: () => Promise<Said[]> };

describe("the subscriptions of connections that change them at random", () => {
  let hooked: HookedTable;
  before(async () => {
    hooked = await hookedTable(systemClock);
  });

  /** One change, or the connection's end, or the channel's growth. */
  function changeBy(random: () => number, connectionIds: string[], channels: string[]): Change {
    const { table } = hooked;
    const pick = (of: string[]) => of[Math.floor(random() * of.length)] ?? "";
    const [connectionId, channel, kind] = [pick(connectionIds), pick(channels), random()];
    const changes = new Changes(table, connectionId);
    const change = (text: string, run: () => Promise<Said[]>): Change => ({
      ...{ connectionId, text: `${text} ${channel} ${connectionId}`, run },
    });
    if (kind < 0.1) {
      return change("disconnect", () => removeConnections(table, [connectionId]).then(() => []));
    }
    if (kind < 0.2) {
      const grow = async () => growChannel(table, await openChannel(table, channel));
      return change("grow", () => grow().then(() => []));
    }
    return kind < 0.6
      ? change("subscribe", async () => [await changes.subscribe(channel)])
      : change("unsubscribe", async () => [await changes.unsubscribe(channel)]);
  }

  async function life(seed: number): Promise<void> {
    const random = seeded(seed);
    const { table } = hooked;
    const connectionIds = [newId(), newId()].slice(0, 1 + Math.floor(random() * 2));
    const channels = [`a${seed}`, `b${seed}`].slice(0, 1 + Math.floor(random() * 2));
    for (const id of connectionIds) {
      const joined = channels.filter(() => random() < 0.5);
      await subscribed(table, id, joined);
    }
    const changes = Array.from({ length: 5 }, () => changeBy(random, connectionIds, channels));
    const choose = (tasks: number) => Math.floor(random() * tasks);
    const fate = (): Fate => (["refused", "lost"] as const)[Math.floor(random() * 12)] ?? "sent";
    const first = await merged(
      changes.map(({ run }) => run),
      { choose, fate },
    );
    const failed = changes.filter((_, index) => isDown(first.results[index]));
    const repeats = await merged(
      failed.map(({ run }) => run),
      { choose },
    );
    const said = (of: typeof first.results) =>
      of.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
    const all = [...first.results, ...repeats.results];
    try {
      assert.ok(!repeats.results.some(isDown));
      for (const connectionId of connectionIds) {
        const isGone = (await findConnection(table, connectionId)) === undefined;
        const hasFailed = failed.some((change) => change.connectionId === connectionId);
        for (const channel of channels) {
          const { rows, names } = await rowsAndNames(table, connectionId, channel);
          // A connection that is gone repeats nothing: what it leaves, a publish finds and removes.
          if (isGone && hasFailed) continue;
          assert.deepEqual(rows, names);
          if (isGone) continue;
          const own = said(all).filter((reply) => reply.connectionId === connectionId);
          checkReplies(own, channel, names.length > 0);
        }
      }
    } catch (error) {
      const story = [...changes.map(({ text }) => text), ...first.order, "again", ...repeats.order];
      throw new Error(`Seed ${seed}: ${String(error)}\n${story.join("\n")}`, { cause: error });
    }
  }

  it(`have rows exactly where they are named, for ${seeds} seeds, when all failures are repeated`, async () => {
    for (let seed = 1; seed <= seeds; seed++) await life(seed);
  });
});

/** Whether a change was answered with an error that is to be repeated; throws for any other but refusals. */
function isDown(result: PromiseSettledResult<unknown> | undefined): boolean {
  if (result?.status !== "rejected") return false;
  const reason: unknown = result.reason;
  if (reason instanceof Problem) return false;
  assert.ok(reason instanceof Error && reason.name === "TableDown", String(reason));
  return true;
}
