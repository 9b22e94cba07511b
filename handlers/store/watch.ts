import { UpdateItemCommand, type AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Clock } from "../aws/clock.ts";
import type { Table } from "../aws/table.ts";
import { toChannel, type Channel, type Watch } from "./channel.ts";
import { ifConditionHolds } from "./condition.ts";
import { channelKey } from "./keys.ts";

// A channel is watched until the time that its item says, which is there for who opens or reads the channel
// anyway: where nobody watches, nothing is asked and nothing is written.
//
// - Who subscribes reads the channel after its row is written. It sees that the channel is watched, or else
//   whoever begins to watch reads the rows after that, and finds its own. Who connects reads the channel
//   before its rows: the first sweep, 35 seconds after the begin, finds those whose rows came meanwhile.
// - Who watches is among the watchers first, then says so here, and then reads who is there. So whoever
//   finds no watcher, and that nobody has begun since it read the channel, may end the watch.

/**
 * Milliseconds for which a channel is watched, from the last who has begun to: as long as the items of a
 * connection are there.
 */
const watchMilliseconds = (2 * 60 + 15) * 60 * 1000;

export function isWatched(clock: Clock, { until }: Watch): boolean {
  return until > clock.now();
}

/**
 * Watches a channel that nobody watches; the sweep with this number has to come at that time. Returns
 * the channel, or undefined where somebody else has begun.
 */
export function beginWatch(
  table: Table,
  name: string,
  { sweep, sweepAt }: Pick<Watch, "sweep" | "sweepAt">,
): Promise<Channel | undefined> {
  return update(table, name, {
    expression: "SET watchedUntil = :until, sweep = :sweep, sweepAt = :sweepAt ADD watches :one",
    condition:
      "(attribute_not_exists(watchedUntil) OR watchedUntil <= :now) AND " +
      "(attribute_not_exists(sweep) OR sweep < :sweep)",
    values: {
      ":until": table.clock.now() + watchMilliseconds,
      ":now": table.clock.now(),
      ...{ ":sweep": sweep, ":sweepAt": sweepAt, ":one": 1 },
    },
  });
}

/** Watches a channel that is watched. Returns the channel; undefined where it is not watched any more. */
export function joinWatch(table: Table, name: string): Promise<Channel | undefined> {
  return update(table, name, {
    expression: "SET watchedUntil = :until ADD watches :one",
    condition: "watchedUntil > :now",
    values: {
      ":until": table.clock.now() + watchMilliseconds,
      ...{ ":now": table.clock.now(), ":one": 1 },
    },
  });
}

/** Ends the watch of a channel, unless somebody has begun to watch since it was read. */
export async function endWatch(table: Table, { name, watch }: Channel): Promise<void> {
  await update(table, name, {
    expression: "REMOVE watchedUntil",
    condition: "watches = :begun",
    values: { ":begun": watch.begun },
  });
}

/** Counts a member that has turned. Returns the channel as it is then; undefined where there is none. */
export function countTurn(table: Table, name: string, by: 1 | -1): Promise<Channel | undefined> {
  return update(table, name, {
    expression: "ADD members :by",
    condition: "attribute_exists(pk)",
    values: { ":by": by },
  });
}

/** Sets the number of members, unless somebody has begun to watch since the channel was read. */
export function setMembers(
  table: Table,
  { name, watch }: Channel,
  members: number,
): Promise<Channel | undefined> {
  return update(table, name, {
    expression: "SET members = :members",
    condition: "watches = :begun",
    values: { ":members": members, ":begun": watch.begun },
  });
}

/** Ends a sweep: sets the number of members, and which sweep is to come, and when. */
export async function endSweep(
  table: Table,
  { name, watch }: Channel,
  { members, sweepAt }: Pick<Watch, "members" | "sweepAt">,
): Promise<void> {
  await update(table, name, {
    expression: "SET members = :members, sweep = :next, sweepAt = :sweepAt",
    condition: "sweep = :sweep",
    values: {
      ...{ ":members": members, ":sweepAt": sweepAt },
      ...{ ":sweep": watch.sweep, ":next": watch.sweep + 1 },
    },
  });
}

type Update = { expression: string; condition: string; values: Record<string, number> };

async function update(
  table: Table,
  name: string,
  { expression, condition, values }: Update,
): Promise<Channel | undefined> {
  const numbers = Object.entries(values).map(([key, value]): [string, AttributeValue] => [
    key,
    { N: String(value) },
  ]);
  const command = new UpdateItemCommand({
    TableName: table.name,
    Key: channelKey(name),
    UpdateExpression: expression,
    ConditionExpression: condition,
    ExpressionAttributeValues: Object.fromEntries(numbers),
    ReturnValues: "ALL_NEW",
  });
  const updated = await ifConditionHolds(table.client.send(command));
  return updated?.Attributes && toChannel(name, updated.Attributes);
}
