import { acknowledgedIds, beganAt, isOpenThroughout, readsUntil } from "./lives.ts";
import type { Model } from "./model.ts";
import type { ClientRecord, MessageRecord, Violation } from "./records.ts";

export type DeliveryCounts = {
  acknowledged: number;
  expected: number;
  seen: number;
  duplicates: number;
};

/** Whether everyone has what he must have, as it was sent, and nobody has what he must not have. */
export function checkDelivery(
  model: Model,
  endAt: number,
): { violations: Violation[]; counts: DeliveryCounts } {
  const violations: Violation[] = [];
  const counts = { acknowledged: 0, expected: 0, seen: 0, duplicates: 0 };
  const clients = [...model.clients.values()].filter(({ openedAt }) => openedAt !== undefined);
  const serials = new Map(clients.map(({ name, got }) => [name, new Set(got.map(serialIn))]));

  for (const message of model.messages.values()) {
    if (acknowledgedIds(message).size === 0) continue;
    counts.acknowledged += 1;
    for (const client of clients) {
      if (!mustHave(model, client, message, endAt)) continue;
      counts.expected += 1;
      if (serials.get(client.name)?.has(`m${message.serial}`)) counts.seen += 1;
      else violations.push(deaf(client, message));
    }
  }
  for (const client of clients) {
    counts.duplicates += client.got.length - (serials.get(client.name)?.size ?? 0);
    for (const got of client.got) violations.push(...misdelivered(model, client, got));
  }
  return { violations, counts };
}

function serialIn({ mark, serial }: ClientRecord["got"][number]): string {
  return `${mark}${serial}`;
}

/**
 * Who was subscribed when the publish began has it by the answer, where that says that nothing is
 * queued, and else by the end of the round.
 */
function mustHave(
  model: Model,
  client: ClientRecord,
  message: MessageRecord,
  endAt: number,
): boolean {
  const from = beganAt(message);
  const until = Math.min(
    endAt,
    ...message.attempts.flatMap(({ answer, answeredAt = endAt }) =>
      answer !== undefined && !answer.mayBeQueued ? [answeredAt] : [],
    ),
  );
  return (
    client.memberships.get(message.channel)?.stood("in", from, until) === true &&
    isOpenThroughout(model, client, from, from) &&
    readsUntil(model, client, until)
  );
}

function deaf({ name }: ClientRecord, { serial, channel, attempts }: MessageRecord): Violation {
  const at = attempts.find(({ answer }) => answer !== undefined)?.answeredAt;
  const text = `${name} is on ${channel} and never gets m${serial}`;
  const subjects = [name, `m${serial}`];
  return { kind: "deaf", rule: "a message is missed", subjects, text, channel, at };
}

function misdelivered(
  model: Model,
  { name, memberships }: ClientRecord,
  { at, serial, mark, channel, isAsSent }: ClientRecord["got"][number],
): Violation[] {
  const subjects = [name, `${mark}${serial}`];
  const violations: Violation[] = [];
  const report = (rule: string, text: string) =>
    violations.push({ kind: "false", rule, subjects, text, at, channel: message?.channel });
  const message = mark === "m" ? model.messages.get(serial) : undefined;
  if (!isAsSent) report("another content", `${name} gets ${mark}${serial} not as it was sent`);
  if (message === undefined) return violations;
  if (channel !== undefined && channel !== message.channel) {
    report("another channel", `${name} gets m${serial} of ${message.channel} as of ${channel}`);
  }
  const membership = memberships.get(message.channel);
  const isOut = membership?.stood("out", beganAt(message), at) ?? true;
  if (isOut) {
    report(
      "not subscribed, and gets",
      `${name} is not on ${message.channel} and gets m${serial}, which began later`,
    );
  }
  return violations;
}
