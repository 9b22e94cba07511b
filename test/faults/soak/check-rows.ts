import { endOf, isGone } from "./lives.ts";
import type { Model } from "./model.ts";
import type { ClientRecord, Violation } from "./records.ts";

/** An item of a connection, or of one of its subscriptions. */
export type Row = {
  connectionId: string;
  /** Where it is subscribed, `<channel>#<shard>`: one for a subscription, all for a connection. */
  shardKeys: string[];
  isConnection: boolean;
};

/**
 * Whether the table says of each open client what is so, and nothing of anybody else, once each channel
 * has had one more message, which `probes` are (serials by channel).
 *
 * `mayStay` are clients whose end nobody could tell the functions of, and whose item no publish finds
 * where it has no subscription.
 */
export function checkRows(
  model: Model,
  rows: Row[],
  { probes, mayStay }: { probes: ReadonlyMap<string, number>; mayStay: ReadonlySet<string> },
): Violation[] {
  const violations: Violation[] = [];
  const clients = new Map([...model.names].map(([id, name]) => [id, model.client(name)]));
  for (const { connectionId, shardKeys, isConnection } of rows) {
    const client = clients.get(connectionId);
    if (client !== undefined && !isGone(model, client)) continue;
    const name = client?.name ?? connectionId;
    const hasSubscription = rows.some(
      (row) => !row.isConnection && row.connectionId === connectionId,
    );
    if (isConnection && !hasSubscription && mayStay.has(name)) continue;
    const what = isConnection ? "item" : "subscription";
    const text = `${name} is gone, and its ${what} (${shardKeys.join(", ")}) is still there`;
    violations.push({ kind: "left", rule: "a row of who is gone", subjects: [name], text });
  }
  for (const [connectionId, client] of clients) {
    if (isGone(model, client) || endOf(model, client) < Infinity) continue;
    const own = rows.filter((row) => row.connectionId === connectionId);
    violations.push(...checkOpen(client, own, probes));
  }
  return violations;
}

function checkOpen(
  client: ClientRecord,
  rows: Row[],
  probes: ReadonlyMap<string, number>,
): Violation[] {
  const { name, memberships, got } = client;
  const violations: Violation[] = [];
  const report = (rule: string, text: string, channel?: string) =>
    violations.push({ kind: "left", rule, subjects: [name], text, channel });
  const items = rows.filter(({ isConnection }) => isConnection);
  const named = items.flatMap(({ shardKeys }) => shardKeys).sort();
  const subscriptions = rows
    .filter(({ isConnection }) => !isConnection)
    .flatMap(({ shardKeys }) => shardKeys)
    .sort();
  const [first] = [...named, ...subscriptions].filter(
    (shardKey) =>
      !memberships.get(channelOf(shardKey))?.mayBeHalf &&
      !(named.includes(shardKey) && subscriptions.includes(shardKey)),
  );
  if (items.length === 0) report("an open client without an item", `${name} has no item`);
  else if (first !== undefined) {
    const text = `${name}'s item names ${named.join(", ")}; it has ${subscriptions.join(", ")}`;
    report("an item and subscriptions that differ", text, channelOf(first));
  }
  const channels = subscriptions.map(channelOf);
  for (const channel of new Set(channels.filter((at, index) => channels.indexOf(at) !== index))) {
    report("two subscriptions to one channel", `${name} on ${channel}`, channel);
  }
  for (const [channel, membership] of memberships) {
    const { standing } = membership;
    const isIn = channels.includes(channel);
    if (standing === (isIn ? "out" : "in")) {
      report(
        "rows against what was told",
        `${name} on ${channel}: ${standing}, the rows: ${isIn}`,
        channel,
      );
    }
    const probe = probes.get(channel);
    const has = got.some(({ mark, serial }) => mark === "m" && serial === probe);
    if (probe !== undefined && has !== isIn) {
      report(
        "rows against what comes",
        `${name} on ${channel}: m${probe}: ${has}, the rows: ${isIn}`,
        channel,
      );
    }
  }
  return violations;
}

function channelOf(shardKey: string): string {
  return shardKey.replace(/#\d+$/, "");
}
