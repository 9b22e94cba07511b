import type { FaultPlan } from "./faults.ts";
import { keysOf, parse, text } from "./json.ts";
import type { Model } from "./model.ts";
import type { Requests } from "./requests.ts";
import type { Peek } from "./script.ts";

/** Asks about clients whose handshakes have no answer yet. */
export function peeking(
  plan: FaultPlan,
  requests: Requests,
  count: (operation: string) => void,
): (client: string, peek: Peek) => void {
  return (client, { kind, afterTableRequests }) => {
    plan.onConnecting(client, afterTableRequests, () => {
      count(`HTTP ${kind} while connecting`);
      void (kind === "list" ? requests.list("test", 1_000) : requests.about(kind, client));
    });
  };
}

/** Puts a line of a function's log to the client that it names. */
export function noteLog(model: Model, functionName: string, line: string): void {
  const { connectionId, message, error, channels, id, reason } = keysOf(parse(line));
  const name = model.names.get(text(connectionId) ?? "");
  if (name === undefined) return;
  const told = JSON.stringify({ message, error, channels, id, reason });
  model.diary.note(name, `${functionName} logs ${told}`);
}

/** Counts by name. */
export function counter(counts: Map<string, number>): (name: string) => void {
  return (name) => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };
}
