import { connected } from "./connected.ts";
import { hookedTable } from "./hooked-table.ts";
import { PassingClock } from "./passing-clock.ts";
import { recordedSystem } from "./recorded-system.ts";

/** Returns a system, and its clock, in which the connection `one` is on these channels and gets JSON. */
export async function oneSubscriber(channels: string[]) {
  const clock = new PassingClock(Date.now());
  const { table } = await hookedTable(clock);
  await connected(table, channels, { connectionId: "one", protocol: "channels.v1" });
  const { system, asked } = recordedSystem(table);
  return { clock, system, asked };
}
