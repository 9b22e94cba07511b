import assert from "node:assert/strict";

/** What a client knows of each channel: the id of the last message that it has. */
export type Known = Record<string, string>;

/** Who is subscribed to what and which messages there are, in plain words, with nothing of the handlers. */
export class PlainModel {
  /** By connection, the channels and prefixes that it is subscribed to. */
  readonly names = new Map<string, Set<string>>();
  /** By channel, the ids of its messages. */
  readonly messages = new Map<string, string[]>();

  /** Returns whether what is subscribed to as `name` has the messages of a channel. */
  static includes(name: string, channel: string): boolean {
    if (!name.endsWith(":*")) return name === channel;
    const levels = name.split(":").slice(0, -1);
    const ofChannel = channel.split(":");
    return levels.every((level, index) => level === ofChannel[index]);
  }

  /** Returns the connections that get a message of a channel, sorted. */
  recipients(channel: string): string[] {
    const has = ([, names]: [string, Set<string>]) =>
      [...names].some((name) => PlainModel.includes(name, channel));
    return [...this.names]
      .filter(has)
      .map(([id]) => id)
      .sort();
  }

  publish(channel: string, id: string): void {
    const ids = this.messages.get(channel) ?? [];
    this.messages.set(channel, ids);
    assert.ok(!ids.includes(id));
    ids.push(id);
  }

  /** Returns the last ids of the channels of a name. */
  last(name: string): Known {
    const channels = [...this.messages].filter(([channel]) => PlainModel.includes(name, channel));
    return Object.fromEntries(channels.map(([channel, ids]) => [channel, ids.at(-1) ?? ""]));
  }

  /** Returns the messages of each channel of a name that come after what is known, in their order. */
  after(name: string, known: Known): Record<string, string[]> {
    const missed = Object.keys(this.last(name)).map((channel) => {
      const ids = this.messages.get(channel) ?? [];
      return [channel, ids.slice(ids.indexOf(known[channel] ?? "") + 1)] as const;
    });
    return Object.fromEntries(missed.filter(([, ids]) => ids.length > 0));
  }
}
