import assert from "node:assert/strict";
import type { Message } from "../../../../handlers/protocol/message.ts";
import { keep, keptFrom, type KeptMessage } from "../../../../handlers/store/history.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { PassingClock } from "../../../support/passing-clock.ts";

const epoch = "k3f9x2";
const time = "2026-11-22T10:00:00.000Z";

describe("the history of a channel", () => {
  const clock = new PassingClock(Date.now());
  let channels: ChannelTable;
  before(async () => {
    channels = await openChannelTable({ clock, probe: { pageItems: 3 } });
  });
  after(() => channels.close());

  const messageOf = (channel: string, sequence: number, changes: Partial<Message> = {}) => ({
    ...{ channel, epoch, sequence, text: `text ${sequence}`, isJson: false, time },
    ...changes,
  });
  const keepAll = async (channel: string, sequences: number[], forSeconds = 300) => {
    for (const sequence of sequences) {
      await keep(channels.table, messageOf(channel, sequence), forSeconds);
    }
  };
  const read = async (name: string, from = 1, ofEpoch = epoch) => {
    const found: KeptMessage[] = [];
    const messages = keptFrom(channels.table, { name, epoch: ofEpoch }, from);
    for await (const message of messages) found.push(message);
    return found;
  };
  /** A message as it is read, of which no more is known than it says itself. */
  const keptAs = (message: Message): KeptMessage => ({
    ...message,
    expiresAt: end(300),
    precededAt: Date.parse(message.time),
  });
  const end = (seconds: number) => Math.floor(clock.now() / 1000) + seconds;
  const sequencesOf = (messages: Message[]) => messages.map(({ sequence }) => sequence);

  it("gives messages in the order of their numbers, over many pages", async () => {
    const sequences = [100, 9, 10, 1, 99, 2, 11, 1_000, Number.MAX_SAFE_INTEGER];
    await keepAll("news", sequences);
    const sorted = [...sequences].sort((one, other) => one - other);
    assert.deepEqual(
      await read("news"),
      sorted.map((sequence) => keptAs(messageOf("news", sequence))),
    );
  });

  it("gives those from a sequence on, which need not be kept itself", async () => {
    await keepAll("from", [1, 2, 4, 10]);
    assert.deepEqual(sequencesOf(await read("from", 2)), [2, 4, 10]);
    assert.deepEqual(sequencesOf(await read("from", 3)), [4, 10]);
    assert.deepEqual(sequencesOf(await read("from", 11)), []);
  });

  it("gives each text as it was published", async () => {
    const odd = ["\0\u001f\u007f", "\ufeff\ufffe\uffff", "gr\u00fc\u00dfe", "e\u0301", "\u{1f44b}"];
    const texts = [...odd, " ", "\u2028\r\n", '"\\', "{}", "x".repeat(131_072)];
    for (const [index, text] of texts.entries()) {
      const message = messageOf("texts", index + 1, { text, isJson: text === "{}" });
      await keep(channels.table, message, 300);
      assert.deepEqual(await read("texts", index + 1), [keptAs(message)]);
    }
  });

  it("gives whom each message leaves out", async () => {
    const omissions = [{}, { from: "one" }, { exclude: "other" }, { from: "one", exclude: "one" }];
    const messages = omissions.map((one, index) => messageOf("omissions", index + 1, one));
    for (const message of messages) await keep(channels.table, message, 300);
    assert.deepEqual(await read("omissions"), messages.map(keptAs));
  });

  it("keeps a message as long as it is told, to the second", async () => {
    await keepAll("kept", [1], 2);
    await keepAll("kept", [2, 3, 4, 5], 1);
    await keepAll("kept", [6], 3);
    assert.equal((await read("kept")).length, 6);
    clock.advance(1_000);
    assert.deepEqual(sequencesOf(await read("kept")), [1, 6]);
    clock.advance(1_000);
    assert.deepEqual(sequencesOf(await read("kept")), [6]);
    clock.advance(1_000);
    assert.deepEqual(await read("kept"), []);
  });

  it("has no message of the channel's former life, and none of another channel", async () => {
    const former = { epoch: "former" };
    for (const sequence of [1, 2, 3, 4, 5]) {
      await keep(channels.table, messageOf("reborn", sequence, former), 300);
    }
    await keepAll("reborn", [1, 2]);
    await keepAll("reborn0", [3]);
    assert.deepEqual(sequencesOf(await read("reborn")), [1, 2]);
    assert.deepEqual(sequencesOf(await read("reborn", 1, "former")), [3, 4, 5]);
    assert.deepEqual(await read("reborn", 1, ""), []);
  });
});
