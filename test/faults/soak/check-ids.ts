import { acknowledgedIds } from "./lives.ts";
import { readId } from "./message.ts";
import type { Model } from "./model.ts";
import type { ClientRecord, SubscribedRecord, Violation } from "./records.ts";

/** The serials of a channel's messages by their ids: of all that exist, as far as anybody has seen. */
export type Existing = Map<string, Map<string, number>>;

/**
 * Whether an id is that of one message, and a message has one id; and whether all answers to a key are
 * the same. An attempt without a 2xx may have been a message of its own.
 */
export function checkIds(model: Model): { violations: Violation[]; existing: Existing } {
  const violations: Violation[] = [];
  const existing: Existing = new Map();
  const report = (rule: string, subjects: string[], text: string) =>
    violations.push({ kind: "false", rule, subjects, text });
  const seen = idsThatClientsSaw(model);

  for (const message of model.messages.values()) {
    const { serial, channel, attempts } = message;
    const ids = existing.get(channel) ?? new Map<string, number>();
    existing.set(channel, ids);
    const answered = acknowledgedIds(message);
    const others = new Set([...(seen.get(serial) ?? [])].filter((id) => !answered.has(id)));
    for (const id of [...answered, ...others]) {
      const other = ids.get(id);
      if (other === undefined) ids.set(id, serial);
      else report("one id, two messages", [`m${other}`, `m${serial}`], `${id} on ${channel}`);
    }
    const answers = new Set(attempts.flatMap(({ answer }) => answer?.text ?? []));
    if (answers.size > 1) {
      report("different answers to one key", [`m${serial}`], [...answers].join(" and "));
    }
    const unknown = attempts.filter(({ answer, isRefused }) => !answer && !isRefused).length;
    if (others.size > unknown) {
      const text = `m${serial} is acknowledged as ${list(answered)} and comes as ${list(others)}`;
      report("one message, two ids", [`m${serial}`], text);
    }
  }
  return { violations, existing };
}

/** Whether each `subscribed` says what is so: of the latest message, and of what was recovered. */
export function checkSubscribed(
  model: Model,
  existing: Existing,
  { endAt, isKept, countsOnce }: { endAt: number; isKept: boolean; countsOnce: boolean },
): { violations: Violation[]; needless: number } {
  const violations = new Map<string, Violation>();
  let needless = 0;
  for (const client of model.clients.values()) {
    for (const subscribed of client.subscribed) {
      const { channel, last, recovered } = subscribed;
      const ids = existing.get(channel) ?? new Map<string, number>();
      const report = (rule: string, text: string, serial?: number) => {
        const subjects = [client.name, ...(serial === undefined ? [] : [`m${serial}`]), channel];
        const { at } = subscribed;
        violations.set(`${rule} ${text}`, { kind: "false", rule, subjects, text, channel, at });
      };
      const isNumber = last === null || ids.has(last) || hasFailedPublish(model, channel);
      if (isKept && countsOnce && !isNumber) {
        report("a last that never comes", `${last} on ${channel} is no message`);
      }
      if (recovered === true) {
        for (const [id, serial] of missed(model, client, subscribed, ids, endAt)) {
          report(
            "recovered with a hole",
            `${client.name} was never sent ${id} on ${channel}`,
            serial,
          );
        }
      }
      if (recovered === false && isKept && !hasHole(subscribed, ids)) needless += 1;
    }
  }
  return { violations: [...violations.values()], needless };
}

/**
 * What a client has not got of what it asked for: up to `last` by the time it was told so, and what
 * came later by the end, where it has stayed.
 */
function missed(
  model: Model,
  client: ClientRecord,
  { at, channel, since, last }: SubscribedRecord,
  ids: ReadonlyMap<string, number>,
  endAt: number,
): [id: string, serial: number][] {
  const seen = readId(since ?? "-0");
  const latest = readId(last ?? "-0");
  const isOfChannel = typeof since !== "string" || seen.epoch === latest.epoch;
  if (!isOfChannel || seen.sequence > latest.sequence) return [[`all since ${since ?? ""}`, 0]];
  const stays =
    client.ended === undefined && client.memberships.get(channel)?.stood("in", at, endAt) === true;
  return [...ids].filter(([id, serial]) => {
    const { sequence } = readId(id);
    if (sequence <= seen.sequence) return false;
    const isDue = sequence <= latest.sequence;
    const message = model.messages.get(serial);
    if (!isDue && !(stays && message && acknowledgedIds(message).has(id))) return false;
    return !client.got.some((got) => got.serial === serial && (got.at <= at || !isDue));
  });
}

/** Whether a publish on the channel may have taken a number, and then failed: the number stands for no message. */
function hasFailedPublish({ messages }: Model, channel: string): boolean {
  return [...messages.values()].some(
    (message) =>
      message.channel === channel &&
      message.attempts.some(({ answer, isRefused }) => !answer && !isRefused),
  );
}

/** Whether an id between `since` and `last` is that of no message, or `since` of none that can be. */
function hasHole({ since, last }: SubscribedRecord, ids: ReadonlyMap<string, number>): boolean {
  const seen = readId(since ?? "-0");
  const { epoch, sequence: latest } = readId(last ?? "-0");
  if (typeof since === "string" && (seen.epoch !== epoch || seen.sequence > latest)) return true;
  for (let sequence = seen.sequence + 1; sequence <= latest; sequence++) {
    if (!ids.has(`${epoch}-${sequence}`)) return true;
  }
  return false;
}

function idsThatClientsSaw({ clients, readings, messages }: Model): Map<number, Set<string>> {
  const seen = new Map<number, Set<string>>();
  const add = (serial: number, id: string) =>
    seen.set(serial, (seen.get(serial) ?? new Set()).add(id));
  for (const { got } of clients.values()) {
    for (const { mark, serial, id } of got) if (mark === "m" && id !== undefined) add(serial, id);
  }
  for (const { entries } of readings) {
    for (const { id, serial } of entries) if (messages.has(serial)) add(serial, id);
  }
  return seen;
}

function list(ids: ReadonlySet<string>): string {
  return [...ids].join(", ") || "nothing";
}
