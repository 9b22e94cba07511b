import { availableParallelism, cpus, type as osType } from "node:os";

/** The machine of a run. */
export type Machine = { cpu: string; cores: number; system: string; node: string };

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown CPU",
    cores: availableParallelism(),
    system: `${osType()} ${process.arch}`,
    node: process.version,
  };
}
