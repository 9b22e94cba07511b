import { startConnections } from "./connections.ts";
import { engineSender } from "./engine-sender.ts";
import type { Measure } from "./figure.ts";
import { median, rounds } from "./rounds.ts";
import { sdkSender } from "./sdk-sender.ts";
import { connectionIds, type Sender } from "./sender.ts";

const ids = connectionIds(1_000);

/** One after another, each post takes the same time: a tenth of them is enough. */
const tenth = ids.slice(0, 100);

/** Measures the time until all subscribers have a message, with 10 ms for each post. */
export const reach: Measure = async (progress) => {
  const connections = await startConnections(10);
  const engine = engineSender(connections.endpoint);
  const sdk = sdkSender(connections.endpoint, 1);
  try {
    const measure = async () => ({
      engine: await milliseconds(engine, ids),
      sdk: 10 * (await milliseconds(sdk, tenth)),
    });
    const measured = await rounds(7, measure, progress);
    return [
      {
        what: "Time to reach 1,000 subscribers: the AWS SDK one after another, of our delivery",
        value: median(measured.map((round) => round.sdk / round.engine)),
        unit: "x",
        goal: { atLeast: 100 },
      },
      {
        what: "Our delivery to 1,000 subscribers, 10 ms a post",
        value: median(measured.map((round) => round.engine)),
        unit: "ms",
      },
      {
        what: "The AWS SDK one after another: ten times what it takes for 100",
        value: median(measured.map((round) => round.sdk)),
        unit: "ms",
      },
    ];
  } finally {
    await Promise.all([engine.close(), sdk.close(), connections.close()]);
  }
};

async function milliseconds(sender: Sender, connectionIds: string[]): Promise<number> {
  const start = performance.now();
  await sender.send(connectionIds);
  return performance.now() - start;
}
