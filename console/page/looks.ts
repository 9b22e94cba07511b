import { signal } from "@preact/signals";
import type { ConsoleEvent, Way } from "../api.ts";

type Log = Extract<ConsoleEvent, { type: "log" }>;
type Refused = Extract<ConsoleEvent, { type: "refused" }>;

/** What a local stack shows while it runs: the last log lines, the last refusals of IAM, the last way. */
export const logs = signal<readonly (Log & { key: number })[]>([]);
export const refusals = signal<readonly (Refused & { key: number; times: number })[]>([]);
export const way = signal<Way | undefined>(undefined);

const maxLogs = 500;
const maxRefusals = 50;
/** Milliseconds for which further lines are shown together. */
const together = 50;

let added: (Log & { key: number })[] = [];
let key = 0;

/** Follows the stack from now on. Its server sends first what it has kept. */
export function followStack(): void {
  const source = new EventSource("/api/events");
  source.onmessage = ({ data }) => {
    take(JSON.parse(String(data)) as ConsoleEvent);
  };
}

function take(event: ConsoleEvent): void {
  switch (event.type) {
    case "log":
      added = [...added, { ...event, key: key++ }].slice(-maxLogs);
      if (added.length === 1) setTimeout(showLogs, together);
      break;
    case "refused":
      refusals.value = withRefusal(event);
      break;
    case "way":
      way.value = event;
  }
}

function showLogs(): void {
  logs.value = [...logs.value, ...added].slice(-maxLogs);
  added = [];
}

/** The same refusal counts once more; a new one comes first. */
function withRefusal(event: Refused): typeof refusals.value {
  const isSame = (other: Refused) =>
    other.caller === event.caller &&
    other.action === event.action &&
    other.resource === event.resource;
  const times = refusals.value.find(isSame)?.times ?? 0;
  const others = refusals.value.filter((other) => !isSame(other));
  return [{ ...event, key: key++, times: times + 1 }, ...others].slice(0, maxRefusals);
}
