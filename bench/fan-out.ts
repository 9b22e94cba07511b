import { subscriptionBytes } from "./table-use.ts";
import { startFanOutStack, type FanOut } from "./fan-out-stack.ts";
import type { Figure, Measure } from "./figure.ts";
import { amount } from "./table.ts";

// The last two are more than one job serves, which is all that a function holds of them.
const sizes = [1, 10, 100, 1_000, 10_000, 30_000, 100_000];

/** Publishes to channels of up to 100,000 subscribers, through the functions and the queue. */
export const fanOut: Measure = async (progress) => {
  progress("starting the local stack");
  const stack = await startFanOutStack();
  try {
    const figures: Figure[] = [];
    let scans = 0;
    let smaller: FanOut | undefined;
    let largest: FanOut | undefined;
    for (const size of sizes) {
      progress(`publishing to ${amount(size)} subscribers`);
      const published = await stack.publishTo(size);
      [smaller, largest] = [largest, published];
      scans += published.uses.filter(({ operation }) => operation === "Scan").length;
      figures.push(readUnits(size, published));
    }
    figures.push({ what: "Scans in all of these", value: scans, unit: "", goal: { atMost: 0 } });
    const [before = 0, most = 0] = sizes.slice(-2);
    if (smaller === undefined || largest === undefined) return figures;
    return [
      ...delivered(most, largest),
      ...figures,
      ...memory([smaller, before], [largest, most], 1.25),
    ];
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

/** Returns how the most live memory of an instance grows with the number of subscribers, `from` and `to`. */
export function memory(
  [smaller, from]: [FanOut, number],
  [largest, to]: [FanOut, number],
  atMost: number,
): Figure[] {
  return [...largest.liveBytes].flatMap(([name, bytes]): Figure[] => {
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
