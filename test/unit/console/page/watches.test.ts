import assert from "node:assert/strict";
import { watches, type Watches } from "../../../../console/page/watches.ts";

const subscribe = { action: "subscribe", channel: "news", presence: true };
const about = (member: string, revision: number) => ({ member, connections: 1, revision });
const page = (members: unknown, cursor: string | null = null) => ({
  ...{ channel: "news", connections: 2, total: 2, members, cursor },
});
const subscribed = (members: unknown, cursor: string | null = null) => ({
  ...{ type: "subscribed", ...page(members, cursor) },
});
const turn = (type: "joined" | "left", member: string, revision: number) => ({
  ...{ type, channel: "news", member, revision },
});
const limited = { type: "limited", channel: "news" };

describe("who is on the channels that a client of the console watches", () => {
  let known: Watches;
  beforeEach(() => {
    known = watches();
    known.sent(subscribe);
  });

  /** The names on the one channel, and the state of its list where that has not come. */
  const here = () =>
    known
      .watched()
      .map(({ members, state }) => [
        ...members.map(({ member }) => member),
        ...(state === "listed" ? [] : [state]),
      ])[0];

  it("is the list of the reply, sorted, each with its info", () => {
    assert.deepEqual(known.watched(), []);
    known.received(subscribed([{ ...about("ben", 1), info: { age: 3 } }, about("ann", 1)]));
    const members = [{ member: "ann" }, { member: "ben", info: { age: 3 } }];
    assert.deepEqual(known.watched(), [{ channel: "news", members, state: "listed" }]);
  });

  it("is kept up by who joins and leaves, who are told to watchers alone", () => {
    known.received(subscribed([about("ann", 1)]));
    assert.deepEqual(known.received(turn("joined", "ben", 1)), { told: "joined" });
    assert.deepEqual(here(), ["ann", "ben"]);
    assert.deepEqual(known.received(turn("left", "ann", 2)), { told: "left" });
    assert.deepEqual(here(), ["ben"]);
  });

  it("is what the word with the highest revision says of a member, in whatever order they come", () => {
    known.received(turn("left", "ann", 3));
    known.received(turn("joined", "ben", 3));
    known.received(subscribed([about("ann", 1), about("ben", 1)]));
    known.received(turn("joined", "ann", 3));
    known.received(turn("left", "ben", 2));
    assert.deepEqual(here(), ["ben"]);
  });

  it("reads a list on that has a cursor, and only while it is not complete", () => {
    const { next } = known.received(subscribed([about("ann", 1)], "more"));
    assert.deepEqual(next, { action: "presence", channel: "news", cursor: "more", limit: 1_000 });
    assert.deepEqual(here(), ["ann", "listing"]);
    known.received(turn("left", "ben", 2));
    const rest = { type: "presence", ...page([about("ben", 1), about("cleo", 1)]) };
    assert.deepEqual(known.received(rest), {});
    assert.deepEqual(here(), ["ann", "cleo"]);
    assert.deepEqual(known.received({ type: "presence", ...page([], "again") }), {});
  });

  it("is nobody where there are too many, until it is asked for again", () => {
    known.received(subscribed([about("ann", 1)]));
    assert.deepEqual(known.received(limited), { told: "limited" });
    known.received(turn("joined", "ben", 1));
    assert.deepEqual(here(), ["limited"]);
    known.sent(subscribe);
    const { members, ...counts } = subscribed([]);
    assert.deepEqual(members, []);
    known.received({ ...counts, limited: true });
    assert.deepEqual(here(), ["limited"]);
    known.sent(subscribe);
    known.received(subscribed([about("ben", 1)]));
    assert.deepEqual(here(), ["ben"]);
  });

  it("is nobody where too many have come before the list has", () => {
    known.received(limited);
    assert.deepEqual(known.received(subscribed([about("ann", 1)], "more")), {});
    assert.deepEqual(here(), ["limited"]);
  });

  it("ends with an unsubscribe, and begins anew on the next connection", () => {
    known.received(subscribed([about("ann", 7)]));
    known.sent(subscribe);
    assert.deepEqual([known.isWatched("news"), here()], [true, ["listing"]]);
    known.received(subscribed([about("ann", 1)]));
    known.received(turn("left", "ann", 2));
    assert.deepEqual(here(), []);
    known.received({ type: "unsubscribed", channel: "news" });
    assert.deepEqual([known.isWatched("news"), known.watched()], [false, []]);
  });

  it("says why it does not come, until it does", () => {
    known.received(subscribed([about("ann", 1)]));
    const refusal = "The token does not let you see who is on the channel news.";
    const error = { type: "error", code: "forbidden", message: refusal };
    const failure = { message: "Internal server error", connectionId: "a=", requestId: "b=" };
    for (const { message, ...frame } of [error, failure]) {
      known.sent(subscribe);
      known.received({ ...frame, message });
      const members: string[] = [];
      assert.deepEqual(known.watched(), [
        { channel: "news", members, state: "listing", refusal: message },
      ]);
      known.received(subscribed([about("ann", 1)]));
      known.received(error);
      assert.deepEqual(known.watched()[0]?.refusal, undefined);
    }
    // The list can end on a page, too.
    known.sent(subscribe);
    known.received(subscribed([about("ann", 1)], "more"));
    known.received(error);
    assert.equal(known.watched()[0]?.refusal, refusal);
  });

  it("takes no error with another ref for its own", () => {
    known.received(subscribed([about("ann", 1)]));
    known.sent({ ...subscribe, ref: "1" });
    for (const ref of ["2", "1"]) {
      assert.equal(known.watched()[0]?.refusal, undefined);
      known.received({ type: "error", code: "forbidden", message: "No.", ref });
    }
    assert.equal(known.watched()[0]?.refusal, "No.");
  });

  it("is of no channel that it does not watch, and of no text that only looks like a word", () => {
    known.sent({ action: "subscribe", channel: "sport" });
    for (const frame of [
      { ...turn("joined", "ann", 1), channel: "sport" },
      { type: "subscribed", channel: "sport", last: null },
      { type: "joined", channel: "news", member: 1, revision: 1 },
      { type: "joined", channel: "news", member: "ann" },
      { type: "subscribed", channel: "news", last: null },
    ]) {
      assert.deepEqual(known.received(frame), {});
    }
    assert.deepEqual(known.watched(), []);
    known.received(subscribed([null, 7, {}, about("ann", 1)]));
    assert.deepEqual(here(), ["ann"]);
    assert.deepEqual(known.received(subscribed("ann")), {});
  });
});
