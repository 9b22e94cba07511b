import assert from "node:assert/strict";
import { actions } from "../../../handlers/actions/actions.ts";
import { grantsOf } from "../../../handlers/auth/grants.ts";
import { publish } from "../../../handlers/delivery/publish.ts";
import { ManualClock } from "../../../local/shared/clock.ts";
import { hookedTable, intercepted, type HookedTable } from "../../support/hooked-table.ts";
import { connected } from "../../support/connected.ts";
import { on, tableFailure, unapplied } from "../../support/intercepts.ts";
import { postsTo, type Posts } from "../../support/posts.ts";
import { recordedSystem } from "../../support/recorded-system.ts";

const content = { text: "hello", isJson: false };
const replayMilliseconds = 27_000;

describe("a replay of a connection that has one under way", () => {
  let clock: ManualClock;
  let channels: HookedTable;
  /** Each answers a post of the channel "news" to "me", which is held until then. */
  let releases: ((status: number) => void)[];
  let connections: Posts;

  beforeEach(async () => {
    clock = new ManualClock(Date.now());
    channels = await hookedTable(clock);
    const { table } = channels;
    for (const connectionId of ["me", "you"]) {
      await connected(table, ["other"], { connectionId, protocol: "channels.v1" });
    }
    for (const channel of ["news", "sport"]) {
      await publish(recordedSystem(table).system, channel, content);
    }
    releases = [];
    connections = postsTo((id, frame) =>
      id === "me" && frame.includes('"channel":"news"')
        ? new Promise<number>((resolve) => releases.push(resolve))
        : 200,
    );
  });

  async function subscribe(connectionId: string, members: Record<string, unknown>) {
    const until = clock.now() + replayMilliseconds;
    const frame = { connectionId, grants: grantsOf("none"), text: "", members, until };
    const reply = await actions.subscribe?.(
      recordedSystem(channels.table, undefined, { connections }).system,
      frame,
    );
    const { type, channel, recovered } = JSON.parse(reply ?? "") as Record<string, unknown>;
    return { type, channel, recovered };
  }
  async function held(posts: number): Promise<void> {
    while (releases.length < posts) await new Promise(setImmediate);
  }
  const news = { channel: "news", since: null };
  const sport = { channel: "sport", since: null };
  const recovered = { type: "subscribed", recovered: true };
  const refused = { name: "Problem", code: "replay-in-progress" };

  it("is refused, for any channel, and has no effect", async () => {
    const first = subscribe("me", news);
    await held(1);
    const before = await channels.items("");
    for (const members of [sport, news, { channel: "new", since: null }]) {
      await assert.rejects(subscribe("me", members), refused);
    }
    assert.deepEqual(await channels.items(""), before);
    assert.equal(connections.posted.length, 1);

    releases[0]?.(200);
    assert.deepEqual(await first, { ...recovered, channel: "news" });
    assert.deepEqual(await channels.items("sport#0"), []);
  });

  it("stops neither a subscribe without since nor another connection's replay", async () => {
    const first = subscribe("me", news);
    await held(1);
    assert.deepEqual(await subscribe("me", { channel: "sport" }), {
      ...{ type: "subscribed", channel: "sport", recovered: undefined },
    });
    assert.deepEqual(await subscribe("you", sport), { ...recovered, channel: "sport" });
    releases[0]?.(200);
    await first;
  });

  for (const [how, status, isWhole] of [
    ["has ended", 200, true],
    ["has found the client gone", 410, false],
  ] as const) {
    it(`works after the first ${how}`, async () => {
      const first = subscribe("me", news);
      await held(1);
      releases[0]?.(status);
      assert.deepEqual(await first, { ...recovered, channel: "news", recovered: isWhole });
      assert.deepEqual(await subscribe("me", sport), { ...recovered, channel: "sport" });
    });
  }

  it("works after the first has failed", async () => {
    const first = subscribe("me", news);
    await held(1);
    releases[0]?.(403);
    await assert.rejects(first, { name: "PostForbidden" });
    assert.deepEqual(await subscribe("me", sport), { ...recovered, channel: "sport" });
  });

  for (const [what, failing] of [
    ["naming the channel", "UpdateItem connection#me connection ADD"],
    ["writing its row", "PutItem channel#sport#0 me"],
    ["reading the channel", "GetItem channels#sport"],
  ] as const) {
    it(`works at once where the first has failed at ${what}`, async () => {
      const first = intercepted(on(failing, unapplied), () => subscribe("me", sport));
      await assert.rejects(first, tableFailure);
      assert.deepEqual(await subscribe("me", sport), { ...recovered, channel: "sport" });
    });
  }

  it("is answered though its end cannot be written, and ends by its time", async () => {
    const end = on("REMOVE replayUntil", unapplied);
    const first = intercepted(end, () => subscribe("me", sport));
    assert.deepEqual(await first, { ...recovered, channel: "sport" });
    clock.advance(replayMilliseconds);
    assert.deepEqual(await subscribe("me", sport), { ...recovered, channel: "sport" });
  });

  it("works once the time of the first is over, whose instance was killed", async () => {
    void subscribe("me", news);
    await held(1);
    clock.advance(replayMilliseconds - 1);
    await assert.rejects(subscribe("me", sport), refused);
    clock.advance(1);
    assert.deepEqual(await subscribe("me", sport), { ...recovered, channel: "sport" });
  });

  it("is not ended by the end of one whose time was over", async () => {
    const first = subscribe("me", news);
    await held(1);
    clock.advance(replayMilliseconds);
    const second = subscribe("me", news);
    await held(2);
    releases[0]?.(200);
    await first;
    await assert.rejects(subscribe("me", sport), refused);
    releases[1]?.(200);
    await second;
    assert.deepEqual(await subscribe("me", sport), { ...recovered, channel: "sport" });
  });
});
