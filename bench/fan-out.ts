import { subscriptionBytes } from "./table-use.ts";
import { startFanOutStack, type FanOut, type FanOutStack } from "./fan-out-stack.ts";
import type { Figure, Measure } from "./figure.ts";
import { amount } from "./table.ts";

// The last two are more than one job serves, which is all that a function holds of them.
const [before, most] = [30_000, 100_000];
const sizes = [1, 10, 100, 1_000, 10_000, before, most];

/** Publishes to channels of up to 100,000 subscribers, through the functions and the queue. */
export const fanOut: Measure = async (progress) => {
  progress("starting the local stack");
  const stack = await startFanOutStack();
  try {
    const figures: Figure[] = [];
    let scans = 0;
    for (const size of sizes) {
      progress(`publishing to ${amount(size)} subscribers`);
      const published = await stack.publishTo(size);
      if (size === most) figures.push(...delivered(size, published));
      scans += published.uses.filter(({ operation }) => operation === "Scan").length;
      figures.push(readUnits(size, published));
    }
    figures.push({ what: "Scans in all of these", value: scans, unit: "", goal: { atMost: 0 } });
    progress("sampling the memory of both largest publishes");
    return [...figures, ...(await memory(stack, before, most, 1.25))];
  } finally {
    await stack.close();
  }
};

export function delivered(
  size: number,
  { posted, inline, delivered, pending, answered, done }: FanOut,
  answeredWithin?: number,
): Figure[] {
  return [
    {
      what: `Subscribers of ${amount(size)} that were posted to exactly once`,
      value: posted.once,
      unit: "",
      goal: { atLeast: size },
    },
    { what: "Of them by the publish itself", value: inline, unit: "" },
    { what: "Delivered, as its report says", value: delivered, unit: "", goal: { atLeast: size } },
    { what: "Pending, as its report says", value: pending, unit: "", goal: { atMost: 0 } },
    {
      ...{ what: "Their publish was answered after", value: answered, unit: "s" },
      ...(answeredWithin !== undefined && { goal: { atMost: answeredWithin } }),
    },
    { what: "The last of them was reached after", value: done, unit: "s" },
  ];
}

/** DynamoDB rounds up to a unit once a page of a Query, which shows by one more whether there is a rest. */
export function readUnits(size: number, { uses }: FanOut): Figure {
  const pages = uses.filter(({ operation }) => operation === "Query");
  const bytes = (size + pages.length) * subscriptionBytes(`bench-${size}`);
  return {
    what: `Read units of a publish to ${amount(size)} (${pages.length} pages)`,
    value: pages.reduce((sum, { units }) => sum + units, 0),
    unit: "",
    goal: { atMost: Math.floor(bytes / 4096) + pages.length },
  };
}

/**
 * Publishes again to `from` subscribers and to `to`, and returns how the most live memory of an instance
 * grows. Either has served as many before: an instance that is new has less code, and less of it compiled.
 */
export async function memory(
  stack: FanOutStack,
  from: number,
  to: number,
  atMost: number,
): Promise<Figure[]> {
  await stack.sampleMemory();
  const smaller = await stack.publishTo(from);
  const larger = await stack.publishTo(to);
  return [...larger.liveBytes].flatMap(([name, bytes]): Figure[] => {
    const fn = name.split("-").at(-2) ?? name;
    return [
      {
        what: `Live memory of ${fn}: ${amount(to)} subscribers, of ${amount(from)}`,
        value: bytes / (smaller.liveBytes.get(name) ?? NaN),
        unit: "x",
        goal: { atMost },
      },
      { what: `Live memory of ${fn}, ${amount(to)}`, value: bytes / 1e6, unit: "MB" },
    ];
  });
}
