import { delivered, memory, readUnits } from "./fan-out.ts";
import { startFanOutStack } from "./fan-out-stack.ts";
import type { Measure } from "./figure.ts";
import { amount } from "./table.ts";

const smaller = 100_000;
const largest = 1_000_000;

/** Publishes once to a million subscribers, and to 100,000 before, in one run. */
export const million: Measure = async (progress) => {
  progress("starting the local stack");
  const stack = await startFanOutStack();
  try {
    const publishTo = (subscribers: number, shards: number) => {
      let told = 0;
      return stack.publishTo(subscribers, {
        shards,
        onWritten: (count) => {
          progress(`${amount(count)} of ${amount(subscribers)} subscriptions written`);
        },
        onDelivered: (count) => {
          if (count - told < 50_000) return;
          told = count;
          progress(`${amount(count)} of ${amount(subscribers)} delivered by jobs`);
        },
      });
    };
    await publishTo(smaller, 8);
    const published = await publishTo(largest, 64);
    progress("sampling the memory of both publishes");
    const scans = published.uses.filter(({ operation }) => operation === "Scan").length;
    return [
      ...delivered(largest, published, 1),
      { what: "Scans", value: scans, unit: "", goal: { atMost: 0 } },
      readUnits(largest, published),
      ...(await memory(stack, smaller, largest, 1.1)),
    ];
  } finally {
    await stack.close();
  }
};
