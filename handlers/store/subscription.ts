import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Table } from "../aws/table.ts";
import { maxChannels } from "../protocol/limits.ts";
import { watchersOf } from "../protocol/presence.ts";
import { findChannel, openChannel, type Channel } from "./channel.ts";
import {
  endReplay,
  nameChannel,
  replayInProgress,
  tooManyChannels,
  unnameChannel,
  type Named,
} from "./channel-names.ts";
import { ifConditionHolds } from "./condition.ts";
import {
  connectionAttributes,
  findConnection,
  unknownConnection,
  type StoredConnection,
} from "./connection.ts";
import { subscriptionKey } from "./keys.ts";
import { channelOfShard, possibleShardKeys } from "./shard.ts";
import { deleteSubscription } from "./subscription-row.ts";

// A subscription is two facts: the connection's item names the channel, and the channel has a row. The
// revision of the connection's item orders all changes of it, whatever the order in which their
// functions run, fail or are tried again:
//
// - A change takes the next revision with the name that it sets or removes, in one UpdateItem.
// - A subscribe puts a row with its revision, unless there is one of a later change. Then it reads the
//   connection again, and takes its own row back where the channel is no longer named: an unsubscribe
//   that came between may have deleted rows before this one was there.
// - An unsubscribe deletes rows of earlier revisions only, never that of a later subscribe.
//
// So when all changes have ended there is a row exactly where the last of them has left a name. Where
// one fails halfway its client is told so, and a repeat of it, or its opposite, puts both right.

export type Subscribed = {
  /** False where a later unsubscribe has taken it back. */
  isSubscribed: boolean;
  /** The revision at which this is so. */
  revision: number;
  /** Where in the channel: `<channel>#<shard>`. */
  shardKey: string;
  /**
   * The channel as it is after the row was written. Who publishes a message above its sequence reads
   * the row: that message comes. What is up to its sequence may come, or has to be replayed.
   */
  channel: Channel;
};

/**
 * Subscribes an open connection. Twice is the same as once.
 * `replayUntil` (milliseconds since the epoch) claims the connection for a replay.
 * Throws a Problem where the connection is in too many channels, has a replay under way, or is no more.
 */
export async function subscribe(
  table: Table,
  connection: StoredConnection,
  name: string,
  replayUntil?: number,
): Promise<Subscribed> {
  const { connectionId, channels } = connection;
  // Asked first, so that a refusal does not create the channel.
  if (channels.length >= maxChannels && !channels.includes(name)) throw tooManyChannels();
  if (replayUntil !== undefined && connection.replayUntil > table.clock.now()) {
    throw replayInProgress();
  }
  const opened = await openChannel(table, name);
  const named = await nameChannel(table, connection, opened, replayUntil);
  try {
    return await writeRow(table, connection, opened, named);
  } catch (error) {
    if (replayUntil !== undefined) await endReplay(table, connectionId, replayUntil);
    throw error;
  }
}

/** Puts the row of a channel that is named, unless a later change has put or taken it back. */
async function writeRow(
  table: Table,
  connection: StoredConnection,
  opened: Channel,
  { shardKey, revision }: Named,
): Promise<Subscribed> {
  const { connectionId, channels } = connection;
  const { name } = opened;
  const put = new PutItemCommand({
    TableName: table.name,
    Item: {
      ...subscriptionKey(shardKey, connectionId),
      ...connectionAttributes(connection, revision),
    },
    ConditionExpression: "attribute_not_exists(pk) OR revision < :revision",
    ExpressionAttributeValues: { ":revision": { N: String(revision) } },
  });
  await ifConditionHolds(table.client.send(put));
  if (!channels.includes(name)) {
    // An unsubscribe that failed may have left a row where the channel had fewer shards.
    const others = possibleShardKeys(name, connectionId, opened.shards);
    await deleteRows(
      table,
      connectionId,
      others.filter((key) => key !== shardKey),
      revision,
    );
  }

  const [channel, now] = await Promise.all([
    findChannel(table, name),
    findConnection(table, connectionId),
  ]);
  if (now?.shardKeys.includes(shardKey)) return { isSubscribed: true, revision, shardKey, channel };
  await deleteSubscription(table, shardKey, connectionId, revision + 1);
  if (now === undefined) throw unknownConnection();
  return { isSubscribed: false, revision: now.revision, shardKey, channel };
}

export type Unsubscribed = {
  /** The revision at which it is. */
  revision: number;
  /** The connection as it was before. */
  before: StoredConnection;
};

/**
 * Unsubscribes a connection from a channel, and from its watchers. Where it is not subscribed nothing
 * changes, but for what an unsubscribe that failed may have left.
 * Throws a Problem where the connection is no more.
 */
export async function unsubscribe(
  table: Table,
  connectionId: string,
  name: string,
): Promise<Unsubscribed> {
  const before = await unnameChannel(table, connectionId, name);
  const revision = before.revision + 1;
  // Read after that: whoever named the channel before has seen it with no more shards.
  const { shards, watch } = await findChannel(table, name);
  // Whoever watches a channel has subscribed to it: its watchers have no more shards, or few of them.
  const names = watch.begun > 0 ? [name, watchersOf(name)] : [name];
  const possible = names.flatMap((one) => possibleShardKeys(one, connectionId, shards));
  const known = before.shardKeys.filter((key) => names.includes(channelOfShard(key)));
  await deleteRows(table, connectionId, [...new Set([...possible, ...known])], revision);
  return { revision, before };
}

async function deleteRows(
  table: Table,
  connectionId: string,
  shardKeys: string[],
  below: number,
): Promise<void> {
  await Promise.all(
    shardKeys.map((shardKey) => deleteSubscription(table, shardKey, connectionId, below)),
  );
}
