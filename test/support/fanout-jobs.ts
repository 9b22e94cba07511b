import { recordOf } from "../../local/shared/record.ts";
import type { Faults } from "../../local/shared/faults.ts";

/** Notes the jobs that the fanout function gets of the queue, each once. */
export function fanoutJobs(): Required<Pick<Faults, "instance">> & {
  /** How many there were. */
  jobs(): number;
  /** How many deliveries they stand for, a range of the table for one. */
  deliveries(): number;
} {
  const seen = new Map<string, number>();
  return {
    instance(_functionName, event) {
      const { Records } = recordOf(event);
      for (const record of Array.isArray(Records) ? Records : []) {
        const { id, message, rows } = recordOf(JSON.parse(String(recordOf(record).body)));
        const { epoch, sequence } = recordOf(message);
        const key = `${String(epoch)}-${String(sequence)} ${String(id)}`;
        seen.set(key, Array.isArray(rows) ? rows.length : 1);
      }
      return undefined;
    },
    jobs: () => seen.size,
    deliveries: () => [...seen.values()].reduce((sum, count) => sum + count, 0),
  };
}
