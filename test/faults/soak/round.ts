import { startStack, type LocalStack } from "../../../local/cli/stack.ts";
import type { Description } from "../../../local/graph/description.ts";
import { chances } from "./chances.ts";
import { check, type Verdict } from "./check.ts";
import { liveAsClient } from "./client-life.ts";
import { faultPlan, type FaultPlan } from "./faults.ts";
import { httpScript, liveAsBackEnd } from "./http-life.ts";
import { JumpClock } from "./jump-clock.ts";
import { Model } from "./model.ts";
import type { Profile } from "./profile.ts";
import { newMessage } from "./publishing.ts";
import { deadLetters, readRows, untilQuiet } from "./quiet.ts";
import type { Violation } from "./records.ts";
import { noteLog, peeking, counter } from "./observers.ts";
import { Requests } from "./requests.ts";
import { clientScript } from "./script.ts";
import type { SoakSocket } from "./soak-socket.ts";

export type Round = Verdict & {
  model: Model;
  /** How often each operation was done, and each fault came. */
  operations: Map<string, number>;
  faults: Map<string, number>;
  dead: number;
};

const lives = 24;
const backEnds = 4;
const stepsOfBackEnd = 24;

/** One round on a stack of its own: lives, faults, then quiet, and the verdict. */
export async function runRound(seed: number, profile: Profile): Promise<Round> {
  const ofSeed = chances(seed);
  const model = new Model();
  const clock = new JumpClock();
  const operations = new Map<string, number>();
  const faults = new Map<string, number>();
  const count = counter(operations);
  const plan = faultPlan(profile, ofSeed, { model, count: counter(faults) });
  const stack = await startStack({
    ...{ stack: "staging", httpPort: 0, webSocketPort: 0, clock },
    onLog: (name, line) => {
      noteLog(model, name, line);
    },
    config: {
      inlineRecipients: String(profile.inlineRecipients),
      historySeconds: String(profile.historySeconds),
    },
    ...{ faults: plan.faults, dynamoDb: { probe: plan.probe }, adjust: withShortVisibility },
  });
  try {
    const requests = new Requests(model, String(stack.outputs.httpUrl), count);
    const url = String(stack.outputs.websocketUrl);
    const clients = Array.from({ length: lives }, (_, index) => {
      const name = `c${index + 1}`;
      const steps = clientScript(ofSeed(name), profile);
      return liveAsClient({ model, url, name, steps, count, peek: peeking(plan, requests, count) });
    });
    const publishers = Array.from({ length: backEnds }, (_, index) => {
      const name = `b${index + 1}`;
      const script = httpScript(ofSeed(name), profile, { steps: stepsOfBackEnd, lives });
      return liveAsBackEnd(name, script, { model, requests, count });
    });
    const [left] = await Promise.all([Promise.all(clients), Promise.all(publishers)]);
    plan.stop();
    const open = left.filter((socket) => socket !== undefined);
    return {
      ...(await judge({ stack, model, plan, profile, clock, requests, open })),
      ...{ operations, faults },
    };
  } finally {
    await stack.close();
  }
}

type Judged = {
  stack: LocalStack;
  model: Model;
  plan: FaultPlan;
  profile: Profile;
  clock: JumpClock;
  requests: Requests;
  open: SoakSocket[];
};

/** Lets all come to rest, sends each channel one more message, and judges what is there then. */
async function judge({ stack, model, plan, profile, clock, requests, open }: Judged) {
  await untilQuiet(stack.queues, clock);
  const probes = new Map<string, number>();
  const used = model.channels();
  for (const channel of used) {
    const message = newMessage(model, channel, {
      filler: "the last",
      isJson: false,
      isSpaced: true,
    });
    probes.set(channel, message.serial);
    await requests.publish("the end", message);
  }
  const isQuiet = await untilQuiet(stack.queues, clock);
  // What was sent to a client before is read by it before the answer to its ping.
  await Promise.all(open.map((socket) => socket.ask([{ action: "ping" }])));
  const endAt = model.tick();
  for (const name of open.filter(({ isOpen }) => isOpen).map((socket) => socket.name)) {
    await requests.about("show", name);
  }
  for (const channel of used) {
    await requests.read("the end", channel, 1_000);
    await requests.list(channel, 1_000);
  }
  const rows = await readRows(stack);
  const isKept = profile.historySeconds > 60;
  const countsOnce = profile.table.errorAfter === 0;
  const { mayStay } = plan;
  const verdict = check(model, { endAt, isKept, countsOnce, rows, probes, mayStay });
  if (!isQuiet) verdict.violations.push(neverQuiet);
  return { ...verdict, model, dead: await deadLetters(stack) };
}

const neverQuiet: Violation = {
  kind: "lost",
  rule: "never quiet",
  subjects: [],
  text: "the queue still has work when all faults are over",
};

/** A job whose instance was lost comes again soon, and not after minutes. */
function withShortVisibility(description: Description): Description {
  const queues = description.queues.map((queue) => ({ ...queue, visibilityTimeoutSeconds: 60 }));
  return { ...description, queues };
}
