import { endOf, isOpenThroughout, readsUntil } from "./lives.ts";
import type { Model } from "./model.ts";
import type { Asked, ClientRecord, Listing, Violation } from "./records.ts";

/** Whether what is said about one client, and to it, is so. */
export function checkTold(model: Model, endAt: number): Violation[] {
  return [
    ...model.asked.flatMap((asked) => checkAsked(model, asked, endAt)),
    ...model.listings.flatMap((listing) => checkListing(model, listing)),
    ...[...model.clients.values()].flatMap((client) => checkClient(model, client)),
  ];
}

function checkAsked(model: Model, asked: Asked, endAt: number): Violation[] {
  const { kind, from, to, status, serial, channels = [] } = asked;
  const client = model.client(asked.client);
  const isOpen = isOpenThroughout(model, client, from, to);
  if (status === 404 && isOpen) {
    return [
      told("taken for gone", client, `${client.name} is open, and its ${kind} gets 404`, {
        at: to,
      }),
    ];
  }
  if (kind === "delete" && status === 204 && client.openedAt && client.ended === undefined) {
    return [told("deleted, and open", client, `${client.name} is deleted, and still open`)];
  }
  if (kind === "direct" && status === 200 && isOpen && readsUntil(model, client, to)) {
    const has = client.got.some(
      ({ mark, serial: got, at }) => mark === "d" && got === serial && at <= endAt,
    );
    const text = `${client.name} never gets d${serial ?? 0}`;
    if (!has) return [{ ...told("a direct message is missed", client, text), kind: "deaf" }];
  }
  if (kind !== "show" || status !== 200 || !isOpen) return [];
  return [...client.memberships].flatMap(([channel, membership]) => {
    const isShown = channels.includes(channel);
    if (!membership.stood(isShown ? "out" : "in", from, to)) return [];
    const text = `${client.name} is shown ${isShown ? "" : "not "}to be on ${channel}`;
    return [told("shown otherwise", client, text, { at: to, channel })];
  });
}

function checkListing(model: Model, { channel, from, to, connectionIds }: Listing): Violation[] {
  const violations: Violation[] = [];
  const times = new Map<string, number>();
  for (const id of connectionIds) {
    const name = model.names.get(id) ?? id;
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  for (const client of model.clients.values()) {
    if (!isOpenThroughout(model, client, from, to)) continue;
    const listed = times.get(client.name) ?? 0;
    const membership = client.memberships.get(channel);
    const isWrong = membership?.stood("in", from, to)
      ? listed !== 1
      : listed > 0 && (membership?.stood("out", from, to) ?? true);
    const text = `${client.name} is listed ${listed} times on ${channel}`;
    if (isWrong) violations.push(told("listed otherwise", client, text, { at: to, channel }));
  }
  return violations;
}

function checkClient(model: Model, client: ClientRecord): Violation[] {
  const { name, errors, closedWith, openedAt } = client;
  const end = endOf(model, client);
  const rules = new Map([
    ["unknown-connection", "taken for gone"],
    ["no answer", "a frame without an answer"],
  ]);
  const violations = errors.flatMap(({ at, code }) => {
    const rule = at < end ? rules.get(code) : undefined;
    return rule === undefined
      ? []
      : told(rule, client, `${name} is open, and told: ${code}`, { at });
  });
  // Where a delete may have come before the close, that is its reason.
  if (openedAt !== undefined && closedWith !== undefined && end === client.ended?.at) {
    const text = `${name} is closed with ${closedWith}, and nobody has asked for it`;
    violations.push(told("closed for no reason", client, text));
  }
  return violations;
}

function told(
  rule: string,
  { name }: ClientRecord,
  text: string,
  more: Pick<Violation, "at" | "channel"> = {},
): Violation {
  return { kind: "false", rule, subjects: [name], text, ...more };
}
