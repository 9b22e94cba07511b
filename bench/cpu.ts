import { agentSender } from "./agent-sender.ts";
import { bareSender } from "./bare-sender.ts";
import { startConnections } from "./connections.ts";
import { engineSender } from "./engine-sender.ts";
import type { Measure } from "./figure.ts";
import { median, rounds } from "./rounds.ts";
import { sdkSender } from "./sdk-sender.ts";
import { concurrency, connectionIds, type Sender } from "./sender.ts";

const ids = connectionIds(20_000);

/** Fewer ids for the SDK, which takes long: enough for a second. */
const fewIds = ids.slice(0, 2_000);

/** Measures the CPU of this process, user and system, for each message that is delivered. */
export const cpu: Measure = async (progress) => {
  const connections = await startConnections(0);
  const { endpoint } = connections;
  const senders = {
    bare: bareSender(endpoint),
    engine: engineSender(endpoint),
    agent: agentSender(endpoint),
    sdk: sdkSender(endpoint, concurrency),
  };
  try {
    const measure = async () => ({
      bare: await microseconds(senders.bare, ids),
      engine: await microseconds(senders.engine, ids),
      agent: await microseconds(senders.agent, ids),
      sdk: await microseconds(senders.sdk, fewIds),
    });
    const measured = await rounds(15, measure, progress);
    const all = (get: (round: (typeof measured)[number]) => number) => median(measured.map(get));
    return [
      {
        what: "CPU per message: our delivery, of a bare HTTP request",
        value: all(({ engine, bare }) => engine / bare),
        unit: "x",
        goal: { atMost: 1.3 },
      },
      {
        what: "CPU per message: the AWS SDK, of our delivery",
        value: all(({ sdk, engine }) => sdk / engine),
        unit: "x",
        goal: { atLeast: 8 },
      },
      {
        what: "CPU per message: our delivery on Node's own agent, of our delivery",
        value: all(({ agent, engine }) => agent / engine),
        unit: "x",
      },
      { what: "CPU of a bare HTTP request", value: all(({ bare }) => bare), unit: "µs" },
      { what: "CPU of a message of ours", value: all(({ engine }) => engine), unit: "µs" },
      { what: "CPU of a message by the AWS SDK", value: all(({ sdk }) => sdk), unit: "µs" },
    ];
  } finally {
    for (const sender of Object.values(senders)) await sender.close();
    await connections.close();
  }
};

async function microseconds(sender: Sender, connectionIds: string[]): Promise<number> {
  const before = process.cpuUsage();
  await sender.send(connectionIds);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / connectionIds.length;
}
