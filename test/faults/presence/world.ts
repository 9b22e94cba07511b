import assert from "node:assert/strict";
import { actions } from "../../../handlers/actions/actions.ts";
import type { Clock } from "../../../handlers/aws/clock.ts";
import type { Queue } from "../../../handlers/aws/queue.ts";
import type { System } from "../../../handlers/aws/system.ts";
import type { Table } from "../../../handlers/aws/table.ts";
import type { Grants } from "../../../handlers/auth/grants.ts";
import { enterWatched } from "../../../handlers/delivery/enter.ts";
import { endConnections } from "../../../handlers/delivery/leave.ts";
import { publish } from "../../../handlers/delivery/publish.ts";
import { work } from "../../../handlers/delivery/worker.ts";
import { addConnection } from "../../../handlers/store/connecting.ts";
import { itemsEnd } from "../../../handlers/store/connection.ts";
import { shardKeyOf } from "../../../handlers/store/shard.ts";
import { newId } from "../../../local/websocket/id.ts";
import { hookedTable } from "../../support/hooked-table.ts";
import { PassingClock } from "../../support/passing-clock.ts";
import { recordedSystem } from "../../support/recorded-system.ts";
import { Belief, type Word } from "./belief.ts";
import { Turns } from "./turns.ts";

/** An open connection, and what it believes where it watches. */
export type Open = {
  connectionId: string;
  /** Undefined where it is no member. */
  member: string | undefined;
  connectedAt: number;
  isSubscribed: boolean;
  /** Whether it is about to change: a client does one thing at a time. */
  isBusy: boolean;
  belief: Belief | undefined;
};

type Waiting = { body: string; dueAt: number; receives: number };

const grants: Grants = { subscribe: ["*"], publish: ["*"], presence: ["*"], admin: false };

/** One channel, the connections of its members, and the queue, on a clock that the test moves. */
export class World {
  readonly clock = new PassingClock(Date.now());
  readonly open = new Map<string, Open>();
  channel = "news";
  /** Whether sweeps are done; without them nothing is put right later. */
  hasSweeps = true;
  system!: System;
  turns!: Turns;
  /** The frames that were posted, and the jobs that were sent. */
  posts = 0;
  jobs = 0;
  readonly #waiting: Waiting[] = [];
  readonly #told = new Map<string, Word>();

  /** `isThrottled` decides about each post. The table is a hooked one, unless `open` opens another. */
  static async start(
    isThrottled: () => boolean,
    changes: Partial<System> = {},
    open: (clock: Clock) => Promise<{ table: Table }> = hookedTable,
  ): Promise<World> {
    const world = new World();
    const { table } = await open(world.clock);
    world.turns = new Turns(table, () => world.watchers);
    const { system } = recordedSystem(table, undefined, {
      ...{ historySeconds: 0, deliveries: world.#queue, deadLetters: world.#dead, ...changes },
    });
    world.system = {
      ...system,
      connections: {
        ...system.connections,
        post(connectionId, { body }) {
          if (isThrottled()) return Promise.resolve(429);
          return Promise.resolve(world.#deliver(connectionId, body.toString()));
        },
      },
    };
    return world;
  }

  readonly #queue: Queue = {
    send: (bodies, delaySeconds = 0) => {
      this.jobs += bodies.length;
      const dueAt = this.clock.now() + delaySeconds * 1000;
      const kept = bodies.filter((body) => this.hasSweeps || !body.includes('"sweep"'));
      this.#waiting.push(...kept.map((body) => ({ body, dueAt, receives: 0 })));
      return Promise.resolve();
    },
  };
  readonly #dead: Queue = { send: (bodies) => assert.fail(`given up: ${bodies.join()}`) };

  /** Goes on with another channel, and nobody. */
  beginAnew(channel: string): void {
    this.channel = channel;
    this.open.clear();
    this.#told.clear();
    this.turns.forget();
    this.#waiting.length = 0;
  }

  /** What watchers were told, each turn once, in the order of the revisions. */
  get told(): Word[] {
    return [...this.#told.values()].sort((one, other) => one.revision - other.revision);
  }

  /** Connects as the function does at $connect. */
  async connect(member: string | undefined, isSubscribed = true): Promise<Open> {
    const { system, clock } = this;
    const connectedAt = clock.now();
    const connectionId = newId();
    const own: Open = {
      ...{ connectionId, member, connectedAt, isSubscribed, isBusy: true, belief: undefined },
    };
    this.open.set(connectionId, own);
    const connection = {
      ...{ connectionId, connectedAt, expiresAt: itemsEnd(connectedAt) },
      protocol: "channels.v1" as const,
      member: member === undefined ? undefined : { name: member },
    };
    const opened = await addConnection(
      system.table,
      connection,
      isSubscribed ? [this.channel] : [],
    );
    for (const one of opened ?? assert.fail("refused")) {
      await enterWatched(system, one, shardKeyOf(one, connectionId), connection);
    }
    own.isBusy = false;
    return own;
  }

  async watch(client: Open): Promise<void> {
    const belief = new Belief();
    client.belief = belief;
    client.isSubscribed = true;
    const { channel } = this;
    belief.take(await this.send(client, { action: "subscribe", channel, presence: true }));
  }

  async subscribe(client: Open): Promise<void> {
    client.isSubscribed = true;
    await this.send(client, { action: "subscribe", channel: this.channel });
  }

  async unsubscribe(client: Open): Promise<void> {
    if (client.belief !== undefined) client.belief.isOver = true;
    client.isSubscribed = false;
    await this.send(client, { action: "unsubscribe", channel: this.channel });
    client.belief = undefined;
  }

  async send(
    { connectionId }: Open,
    members: { action: string; [key: string]: unknown },
  ): Promise<string> {
    const frame = { connectionId, grants, members, text: JSON.stringify(members) };
    const act = actions[members.action] ?? assert.fail(members.action);
    return act(this.system, { ...frame, until: this.clock.now() + 25_000 });
  }

  /** Ends a connection; `isLost` if nobody is told so. */
  async end({ connectionId, belief }: Open, isLost = false): Promise<void> {
    if (belief !== undefined) belief.isOver = true;
    this.open.delete(connectionId);
    if (!isLost) await endConnections(this.system, [connectionId]);
  }

  /** Publishes to everyone. */
  async publish(): Promise<void> {
    await publish(this.system, this.channel, { text: "hello", isJson: false });
  }

  /** Lets time pass, and does each job when it is due. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.clock.now() + milliseconds;
    for (;;) {
      const [next] = this.#waiting.sort((one, other) => one.dueAt - other.dueAt);
      if (next === undefined || next.dueAt > end) break;
      this.#waiting.shift();
      this.clock.advance(Math.max(0, next.dueAt - this.clock.now()));
      await this.#work(next);
    }
    this.clock.advance(Math.max(0, end - this.clock.now()));
  }

  /** What those believe who have their list, and have not begun to end. */
  get watchers(): Belief[] {
    return [...this.open.values()].flatMap(({ belief }) =>
      belief?.isAnswered === true && !belief.isOver ? belief : [],
    );
  }

  /** The members who are there. */
  get members(): string[] {
    const subscribed = [...this.open.values()].filter(({ isSubscribed }) => isSubscribed);
    return [...new Set(subscribed.flatMap(({ member }) => member ?? []))].sort();
  }

  async #work({ body, receives }: Waiting): Promise<void> {
    try {
      await work(this.system, body, {
        ...{ until: this.clock.now() + 50_000, concurrency: 16, receives: receives + 1 },
      });
    } catch {
      this.#waiting.push({ body, dueAt: this.clock.now() + 360_000, receives: receives + 1 });
    }
  }

  #deliver(connectionId: string, frame: string): number {
    const client = this.open.get(connectionId);
    if (client === undefined) return 410;
    this.posts += 1;
    if (!frame.includes('"type":"message"')) {
      for (const word of client.belief?.take(frame) ?? assert.fail("nobody asked")) {
        this.turns.checkHeard(word);
        this.#told.set(`${word.member} ${word.revision} ${String(word.isHere)}`, word);
      }
    }
    return 200;
  }
}
