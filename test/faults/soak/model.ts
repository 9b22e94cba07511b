import { Diary } from "./diary.ts";
import { Membership, type Change, type Outcome } from "./membership.ts";
import { isSame, markIn, type Content } from "./message.ts";
import type { Asked, ClientRecord, Listing, MessageRecord, Protocol, Reading } from "./records.ts";

/**
 * All that the clients, publishers and readers of one round have seen, in the order in which they saw
 * it. It does nothing by itself: it is told, and `check` judges it afterwards.
 */
export class Model {
  readonly diary = new Diary(() => this.#now);
  readonly clients = new Map<string, ClientRecord>();
  /** By their serial. */
  readonly messages = new Map<number, MessageRecord>();
  /** What was sent to one client alone, by its serial. */
  readonly directs = new Map<number, Content>();
  readonly readings: Reading[] = [];
  readonly listings: Listing[] = [];
  readonly asked: Asked[] = [];
  /** Names of the clients by their connection ids, as soon as these are known, and the other way. */
  readonly names = new Map<string, string>();
  readonly connectionIds = new Map<string, string>();
  #now = 0;
  #serial = 0;

  /** The next moment. */
  tick(): number {
    return ++this.#now;
  }

  nextSerial(): number {
    return ++this.#serial;
  }

  connecting(name: string, protocol: Protocol, channels: readonly string[]): void {
    const memberships = new Map(channels.map((channel) => [channel, new Membership("unknown")]));
    this.clients.set(name, {
      ...{ name, protocol, memberships, openedAt: undefined, ended: undefined },
      ...{ closedWith: undefined, got: [], subscribed: [], errors: [] },
    });
    this.diary.note(name, `connects as ${protocol} to ${channels.join(", ")}`);
  }

  identify(name: string, connectionId: string): void {
    this.names.set(connectionId, name);
    this.connectionIds.set(name, connectionId);
    this.diary.note(name, `is ${connectionId}`);
  }

  opened(name: string): void {
    const client = this.client(name);
    client.openedAt = this.tick();
    for (const membership of client.memberships.values()) membership.begin("in", client.openedAt);
    this.diary.note(name, "is open");
  }

  /** From now on the connection may be gone, for a reason of the client's own or of the server's. */
  ended(name: string, why: string, closedWith?: number): void {
    const client = this.client(name);
    client.ended ??= { at: this.tick(), isClean: false };
    client.closedWith ??= closedWith;
    this.diary.note(name, why);
  }

  /** The close frames have crossed: whatever was sent before has come. */
  closedCleanly(name: string): void {
    const { ended } = this.client(name);
    if (ended !== undefined) ended.isClean = true;
    this.diary.note(name, "has the other side's close frame");
  }

  asks(name: string, change: Change, channel: string): void {
    this.#membership(name, channel).ask(change, this.tick());
  }

  answered(name: string, change: Change, channel: string, outcome: Outcome): void {
    this.#membership(name, channel).answer(change, outcome, this.tick());
  }

  told(name: string, told: Omit<ClientRecord["subscribed"][number], "at">): void {
    this.client(name).subscribed.push({ at: this.tick(), ...told });
  }

  toldError(name: string, code: string): void {
    this.client(name).errors.push({ at: this.tick(), code });
  }

  /** A frame has no answer although the client has waited for as long as there can be one. */
  toldNothing(name: string): void {
    this.toldError(name, "no answer");
    this.diary.note(name, "has no answer, and waits no longer");
  }

  /** A client gets a message of a channel, or what is for itself alone. */
  got(
    name: string,
    frame: { text: string } | { data: unknown; id?: string; channel?: string },
  ): void {
    const { mark, serial = 0 } = markIn("text" in frame ? frame.text : frame.data) ?? {};
    if (mark !== "m" && mark !== "d") return;
    const sent = mark === "m" ? this.messages.get(serial)?.content : this.directs.get(serial);
    const { id, channel } = { id: undefined, channel: undefined, ...frame };
    const isAsSent = sent !== undefined && isSame(sent, frame);
    this.client(name).got.push({ at: this.tick(), serial, mark, id, channel, isAsSent });
    const of = this.messages.get(serial)?.channel ?? "nobody else";
    this.diary.note(name, `< ${mark}${serial} of ${of} ${id ?? ""}`, of);
  }

  client(name: string): ClientRecord {
    const client = this.clients.get(name);
    if (client === undefined) throw new Error(`There is no client ${name}.`);
    return client;
  }

  /** Every channel that anybody has named. */
  channels(): string[] {
    const memberships = [...this.clients.values()].flatMap((client) => [...client.memberships]);
    const published = [...this.messages.values()].map(({ channel }) => channel);
    return [...new Set([...memberships.map(([channel]) => channel), ...published])].sort();
  }

  #membership(name: string, channel: string): Membership {
    const { memberships } = this.client(name);
    const membership = memberships.get(channel) ?? new Membership("out");
    memberships.set(channel, membership);
    return membership;
  }
}
