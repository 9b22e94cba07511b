import assert from "node:assert/strict";
import { BatchGetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Table } from "../../handlers/aws/table.ts";
import { openChannel } from "../../handlers/store/channel.ts";
import {
  connectionAttributes,
  findConnection,
  itemsEnd,
  unknownConnection,
  type StoredConnection,
} from "../../handlers/store/connection.ts";
import { connectionKey, subscriptionKey } from "../../handlers/store/keys.ts";
import { possibleShardKeys, shardKeyOf } from "../../handlers/store/shard.ts";
import { subscribe, unsubscribe } from "../../handlers/store/subscription.ts";

/** The part of a reply that says whether the connection is subscribed. */
export type Said = {
  connectionId: string;
  channel: string;
  isSubscribed: boolean;
  revision: number;
};

/** Changes of one connection's channels, each made as by a frame of its client. */
export class Changes {
  readonly #table: Table;
  readonly #connectionId: string;

  constructor(table: Table, connectionId: string) {
    this.#table = table;
    this.#connectionId = connectionId;
  }

  /** Subscribes the connection as it was `known` before, or else as it is read now. */
  async subscribe(channel: string, known?: StoredConnection): Promise<Said> {
    const connection = known ?? (await this.read());
    const { isSubscribed, revision } = await subscribe(this.#table, connection, channel);
    return { connectionId: this.#connectionId, channel, isSubscribed, revision };
  }

  async read(): Promise<StoredConnection> {
    const connection = await findConnection(this.#table, this.#connectionId);
    if (connection === undefined) throw unknownConnection();
    return connection;
  }

  async unsubscribe(channel: string): Promise<Said> {
    const { revision } = await unsubscribe(this.#table, this.#connectionId, channel);
    return { connectionId: this.#connectionId, channel, isSubscribed: false, revision };
  }
}

/** Writes a connection with these channels, and the rows of those in `withRow` only. */
export async function subscribed(
  table: Table,
  connectionId: string,
  channels: string[],
  withRow: string[] = channels,
): Promise<void> {
  const connectedAt = table.clock.now() - 60_000;
  const connection = {
    ...{ connectionId, connectedAt, expiresAt: itemsEnd(connectedAt) },
    protocol: "plain" as const,
  };
  const attributes = connectionAttributes(connection, 1);
  const shardKeyIn = (name: string, shards: number) => shardKeyOf({ name, shards }, connectionId);
  const names = channels.map((channel) => shardKeyIn(channel, 1));
  const put = (Item: PutItemCommand["input"]["Item"]) =>
    table.client.send(new PutItemCommand({ TableName: table.name, Item }));
  await put({
    ...{ ...connectionKey(connectionId), ...attributes },
    ...(names.length > 0 && { channels: { SS: names } }),
  });
  for (const name of withRow) {
    const { shards } = await openChannel(table, name);
    await put({ ...subscriptionKey(shardKeyIn(name, shards), connectionId), ...attributes });
  }
}

/** Returns the shard keys in which the connection has a row, and those that its item names. */
export async function rowsAndNames(
  table: Table,
  connectionId: string,
  channel: string,
): Promise<{ rows: string[]; names: string[] }> {
  const possible = possibleShardKeys(channel, connectionId);
  const Keys = possible.map((shardKey) => subscriptionKey(shardKey, connectionId));
  const [{ Responses }, found] = await Promise.all([
    table.client.send(new BatchGetItemCommand({ RequestItems: { [table.name]: { Keys } } })),
    findConnection(table, connectionId),
  ]);
  const rows = (Responses?.[table.name] ?? []).map(({ pk }) => (pk?.S ?? "").slice(8));
  const names = possible.filter((shardKey) => found?.shardKeys.includes(shardKey));
  return { rows: rows.sort(), names: names.sort() };
}

/** Throws if the latest of the replies about a channel does not say what is true. */
export function checkReplies(said: Said[], channel: string, isSubscribed: boolean): void {
  const about = said.filter((reply) => reply.channel === channel);
  const latest = Math.max(...about.map(({ revision }) => revision));
  const untrue = about.filter(
    (reply) => reply.revision === latest && reply.isSubscribed !== isSubscribed,
  );
  assert.deepEqual(untrue, [], "The latest reply says what is not so.");
}
