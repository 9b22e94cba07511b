import assert from "node:assert/strict";
import { actions } from "../../../handlers/actions/actions.ts";
import { endConnections } from "../../../handlers/delivery/leave.ts";
import { publish } from "../../../handlers/delivery/publish.ts";
import { work } from "../../../handlers/delivery/worker.ts";
import { growChannel, openChannel } from "../../../handlers/store/channel.ts";
import { findConnection } from "../../../handlers/store/connection.ts";
import { connected } from "../../support/connected.ts";
import { hookedTable, type HookedTable } from "../../support/hooked-table.ts";
import { PassingClock } from "../../support/passing-clock.ts";
import { recordedSystem } from "../../support/recorded-system.ts";
import { seeded } from "../faulty.ts";
import { PlainModel, type Known } from "./plain-model.ts";

const steps = Number(process.env.PREFIX_STEPS ?? 1_000);
const grants = { subscribe: ["*"], publish: [], presence: [], admin: false };

/** Names that look alike, each of which can be a channel's and, with `:*`, a prefix. */
const forms = [
  "",
  ":a",
  ":a:1",
  ":a:2",
  ":a:",
  ":b",
  ":b:1",
  "a",
  "-a",
  "-a:1",
  ":1:2:3:4:5:6:7:8:9",
];

/** Who is away, what it was subscribed to, and what it had of that. */
type Away = Map<string, Known>;
type Reply = { type: string; last: unknown; recovered?: boolean };

describe("channels and prefixes", function () {
  this.timeout(60_000 + steps * 100);
  const clock = new PassingClock(Date.now());
  const random = seeded(29);
  const model = new PlainModel();
  const pick = <One>(of: Iterable<One>) => [...of][Math.floor(random() * [...of].length)];
  let hooked: HookedTable;
  /** Jobs of the queue, and the posts that were answered with 200: `<id> <frame>`. */
  let jobs: string[] = [];
  let posts: string[] = [];
  /** Connections that are no more, of which nobody has told, and what they are subscribed to. */
  const cut = new Map<string, Set<string>>();
  const away: Away[] = [];
  let root = "r0";
  before(async () => {
    hooked = await hookedTable(clock);
  });

  // Some have had their first message while a client was away.
  const channelName = () =>
    `${root}${random() < 0.3 ? `:a:n${Math.floor(random() * 30)}` : (forms[Math.floor(random() ** 2 * forms.length)] ?? "")}`;
  const anyName = () => {
    const name = channelName();
    const isDeep = name.split(":").length > 8;
    return random() < 0.5 && !isDeep ? `${name}:*` : name;
  };
  const systemNow = () => {
    const { system } = recordedSystem(hooked.table, undefined, {
      prefixSubscriptions: true,
      inlineRecipients: 1 + Math.floor(random() * 8),
      deliveries: {
        send(bodies) {
          jobs.push(...bodies);
          return Promise.resolve();
        },
      },
    });
    const { connections } = system;
    return {
      ...system,
      connections: {
        ...connections,
        post(id: string, { body }: { body: Uint8Array }) {
          if (cut.has(id)) return Promise.resolve(410);
          posts.push(`${id} ${Buffer.from(body).toString()}`);
          return Promise.resolve(200);
        },
      },
    };
  };
  const asked = async (
    action: "subscribe" | "unsubscribe",
    connectionId: string,
    members: object,
  ) => {
    const act = actions[action] ?? assert.fail();
    const frame = { connectionId, grants, text: "", until: clock.now() + 20_000 };
    return JSON.parse(await act(systemNow(), { ...frame, members: { ...members } })) as Reply;
  };
  const connect = async (names: string[]) => {
    const { connectionId } = await connected(hooked.table, names, { protocol: "channels.v1" });
    model.names.set(connectionId, new Set(names));
    return connectionId;
  };
  /** Ends a connection; where nobody is told of it, a post finds it gone. */
  const end = async (connectionId: string) => {
    if (random() < 0.5) await endConnections(systemNow(), [connectionId]);
    else cut.set(connectionId, model.names.get(connectionId) ?? new Set());
    model.names.delete(connectionId);
  };
  const lastOf = (name: string) =>
    name.endsWith(":*") ? model.last(name) : (model.last(name)[name] ?? null);

  const subscribe = async (connectionId: string) => {
    const channel = anyName();
    const { type, last } = await asked("subscribe", connectionId, { channel });
    assert.equal(type, "subscribed");
    assert.deepEqual(last, lastOf(channel));
    model.names.get(connectionId)?.add(channel);
  };
  const unsubscribe = async (connectionId: string) => {
    const own = model.names.get(connectionId) ?? new Set();
    const channel = (random() < 0.8 ? pick(own) : undefined) ?? anyName();
    assert.equal((await asked("unsubscribe", connectionId, { channel })).type, "unsubscribed");
    own.delete(channel);
  };
  const goAway = async (connectionId: string) => {
    const names = [...(model.names.get(connectionId) ?? [])];
    away.push(new Map(names.map((name) => [name, model.last(name)])));
    await end(connectionId);
  };
  const comeBack = async () => {
    const known = away.shift();
    if (known === undefined) return;
    const connectionId = await connect([]);
    for (const [channel, ids] of known) {
      posts = [];
      const since = channel.endsWith(":*") ? ids : (ids[channel] ?? null);
      const reply = await asked("subscribe", connectionId, { channel, since });
      assert.equal(reply.recovered, true);
      assert.deepEqual(reply.last, lastOf(channel));
      const replayed: Record<string, string[]> = {};
      for (const { channel, id } of posts.map(messageIn)) (replayed[channel] ??= []).push(id);
      assert.deepEqual(replayed, model.after(channel, ids));
      model.names.get(connectionId)?.add(channel);
    }
  };
  const messageIn = (post: string) => {
    const [, frame = ""] = post.split(/ (.*)/s);
    return JSON.parse(frame) as { channel: string; id: string };
  };
  const send = async () => {
    const channel = channelName();
    posts = [];
    const system = systemNow();
    const { id } = await publish(system, channel, { text: "hello", isJson: false });
    while (jobs.length > 0) {
      const bodies = jobs;
      jobs = [];
      const options = { until: clock.now() + 20_000, receives: 1 };
      for (const body of bodies) await work(system, body, options);
    }
    model.publish(channel, id);
    assert.ok(
      posts.map(messageIn).every((message) => message.channel === channel && message.id === id),
    );
    assert.deepEqual(
      posts.map((post) => post.replace(/ .*/s, "")).sort(),
      model.recipients(channel),
    );
    for (const [gone, names] of cut) {
      if (![...names].some((name) => PlainModel.includes(name, channel))) continue;
      assert.equal(await findConnection(hooked.table, gone), undefined);
      cut.delete(gone);
    }
  };

  it(`have each message once for everyone who is subscribed, ${steps} times`, async () => {
    for (let step = 0; step < steps; step++) {
      if (step % 250 === 0) root = `r${step}`;
      const connectionId = pick(model.names.keys());
      const kind = random();
      if (kind < 0.45) await send();
      else if (kind < 0.5) {
        await growChannel(hooked.table, await openChannel(hooked.table, channelName()));
      } else if (kind < 0.55 && model.names.size > 3) await goAway(connectionId ?? "");
      else if (kind < 0.6 && random() < 0.3 * away.length) await comeBack();
      else if (model.names.size < 4 || (kind < 0.65 && model.names.size < 12)) {
        await connect([...new Set([anyName(), anyName()])]);
      } else if (kind < 0.75) await unsubscribe(connectionId ?? "");
      else await subscribe(connectionId ?? "");
    }
  });
});
