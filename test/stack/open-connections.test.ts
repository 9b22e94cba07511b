import assert from "node:assert/strict";
import { figureOf } from "../../local/cloudwatch/figures.ts";
import { JumpClock } from "../faults/soak/jump-clock.ts";
import { seeded } from "../faults/faulty.ts";
import { Client } from "../support/client.ts";
import { figuresIn } from "../support/measured.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

const minute = 60_000;
const timeAhead = new URL("../support/time-ahead.js", import.meta.url).href;

describe("the dashboard's number of open connections", function () {
  this.timeout(240_000);
  const random = seeded(5);
  const clock = new JumpClock();
  clock.ahead = 0;
  /** Connections whose `$disconnect` is lost. */
  const lost = new Set<string>();
  const open = new Set<Client>();
  let closed = 0;
  let stack: TestStack;
  /** Calls back once the functions have logged so many lines. */
  let waiting: { message: string; count: number; resolve: () => void } | undefined;
  const logged = new Map<string, number>();

  before(async () => {
    stack = await startTestStack({
      clock,
      onLog(_name, line) {
        const [, message = ""] = /"message":"(\w+)"/.exec(line) ?? [];
        logged.set(message, (logged.get(message) ?? 0) + 1);
        if (waiting?.message === message && logged.get(message) === waiting.count) {
          waiting.resolve();
        }
      },
      faults: {
        disconnect(connectionId) {
          closed += 1;
          const isLost = closed % 10 === 0;
          if (isLost) lost.add(connectionId);
          return isLost;
        },
      },
    });
  });
  after(() => stack.close());

  const until = (message: string, count: number) =>
    new Promise<void>((resolve) => {
      waiting = { message, count, resolve };
      if (logged.get(message) === count) resolve();
    });

  async function come(): Promise<void> {
    open.add(await Client.connect(stack.websocketUrl));
  }

  async function go(): Promise<void> {
    const [...clients] = open;
    const client = clients[Math.floor(random() * clients.length)];
    if (client === undefined) return;
    open.delete(client);
    await client.close();
  }

  /** Evaluates the widget of the program's own dashboard. */
  function shown(): number | null | undefined {
    const widgets = stack.description.dashboards.flatMap((dashboard) => dashboard.widgets);
    const widget = widgets.find(({ title }) => title === "Open connections");
    assert.ok(widget);
    const { lines } = figureOf(widget, stack.metrics, { now: clock.now(), minutes: 15 });
    return lines[0]?.values[0];
  }

  /** Lets time pass, for the functions as well: whoever is idle for ten minutes is closed. */
  async function pass(minutes: number): Promise<void> {
    const ahead = clock.ahead + minutes * minute;
    for (const fn of stack.description.functions) {
      const environment = {
        ...fn.environment,
        NODE_OPTIONS: `${fn.environment.NODE_OPTIONS ?? ""} --import ${timeAhead}`,
        TIME_AHEAD: String(ahead),
      };
      stack.replaceFunction({ ...fn, environment });
    }
    const ends = [...open].map(({ closed }) => closed);
    clock.jump(minutes * minute);
    if (minutes >= 10) {
      await Promise.all(ends);
      open.clear();
    }
  }

  const ended = () => until("Ended", closed - lost.size);

  it("is who is open and whose end was lost, and who is open alone once that one's time is over", async () => {
    for (let came = 0; came < 500;) {
      const comes = open.size === 0 || random() < 0.6;
      if (comes) came += 1;
      await (comes ? come() : go());
    }
    await until("Connected", 500);
    await ended();
    assert.ok(open.size > 50 && lost.size > 20, `${open.size} open, ${lost.size} lost`);
    assert.equal(shown(), open.size + lost.size);

    // Those who were there have been idle for too long, and a tenth of their ends is lost again.
    await pass(123);
    await ended();
    assert.equal(shown(), lost.size);
    const lostBefore = lost.size;
    for (let came = 0; came < 30; came++) await come();
    for (let went = 0; went < 5; went++) await go();
    await until("Connected", 530);
    await ended();
    assert.equal(shown(), 25 + lost.size);

    await pass(9);
    assert.equal(shown(), 25 + lost.size - lostBefore);
    assert.deepEqual(figuresIn(stack.metrics, ["ConnectionsOpened", "ConnectionsEnded"]), {
      ConnectionsOpened: 530,
      ConnectionsEnded: 505 - lost.size,
    });
  });
});
