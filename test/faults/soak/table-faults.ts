import { setTimeout as sleep } from "node:timers/promises";
import type { JsonAnswer } from "../../../local/shared/aws-json-server.ts";
import { dynamoDbFaultAnswer } from "../../../local/dynamodb/errors.ts";
import type { Probe } from "../../../local/dynamodb/probe.ts";
import { weighted, type Chances } from "./chances.ts";
import type { Model } from "./model.ts";
import type { Profile } from "./profile.ts";

export type TableFaults = {
  around: NonNullable<Probe["around"]>;
  /** Resolves when so many more requests have come, or after so many milliseconds. */
  afterRequests: (requests: number, most: number) => Promise<void>;
};

/** The SDK sends a request up to three times, each time with the same text. */
const sdkTries = 3;

/** Milliseconds that a write of a client which still connects is answered late, at most. */
const maxLate = 2_000;

/** What goes wrong between the functions and the table. */
export function tableFaults(
  { table: { throttle, error, errorAfter, errorAlways }, slowTable, slowConnects }: Profile,
  chances: Chances,
  { model, count, isOn }: { model: Model; count: (fault: string) => void; isOn: () => boolean },
): TableFaults {
  /** How often requests are still to fail that always fail, by their text. */
  const failing = new Map<string, number>();
  const waiting = new Set<{ left: number; resolve: () => void }>();

  function pass(): void {
    for (const entry of waiting) {
      entry.left -= 1;
      if (entry.left >= 0) continue;
      waiting.delete(entry);
      entry.resolve();
    }
  }

  function drawn(operation: string, body: string): "throttle" | "error" | "errorAfter" | "none" {
    const left = failing.get(body) ?? 0;
    if (left > 0) {
      failing.set(body, left - 1);
      return "error";
    }
    const kind = weighted(chances(`table ${operation}`), [
      ["throttle", throttle],
      ["error", error],
      ["errorAfter", errorAfter],
      ["errorAlways", errorAlways],
      ["none", 1 - throttle - error - errorAfter - errorAlways],
    ] as const);
    if (kind !== "none") count(`table ${kind}`);
    if (kind === "errorAlways") failing.set(body, sdkTries - 1);
    return kind === "errorAlways" ? "error" : kind;
  }

  /** Whether a request names a client that has no answer to its handshake yet. */
  function isOfConnecting(body: string): boolean {
    return [...model.clients.values()].some(({ name, openedAt, ended }) => {
      const id = model.connectionIds.get(name);
      return openedAt === undefined && !ended && id !== undefined && body.includes(id);
    });
  }

  return {
    async around({ operation, input }, perform): Promise<JsonAnswer> {
      pass();
      if (!isOn()) return perform();
      const body = JSON.stringify(input);
      const kind = drawn(operation, body);
      if (slowTable > 0) await sleep(chances(`slow ${operation}`)() * slowTable);
      if (kind === "error") return dynamoDbFaultAnswer({ type: "InternalServerError" });
      if (kind === "throttle") return dynamoDbFaultAnswer({ type: "ThrottlingException" });
      const answer = await perform();
      if (kind === "errorAfter") return dynamoDbFaultAnswer({ type: "InternalServerError" });
      const isWrite = /Put|Write|Update/.test(operation);
      if (slowConnects === 0 || !isWrite || !isOfConnecting(body)) return answer;
      const late = chances("slow connects");
      if (late() >= slowConnects) return answer;
      count("slow connect");
      await sleep(late() * maxLate);
      return answer;
    },
    afterRequests: (requests, most) =>
      new Promise((resolve) => {
        waiting.add({ left: requests, resolve });
        void sleep(most).then(resolve);
      }),
  };
}
