import { setTimeout as sleep } from "node:timers/promises";
import type { JsonAnswer } from "../../../local/shared/aws-json-server.ts";
import { dynamoDbFaultAnswer } from "../../../local/dynamodb/errors.ts";
import type { Probe } from "../../../local/dynamodb/probe.ts";
import type { Faults, PostFault } from "../../../local/shared/faults.ts";
import { weighted, type Chances } from "./chances.ts";
import { keysOf, text } from "./json.ts";
import type { Model } from "./model.ts";
import type { Profile } from "./profile.ts";

export type FaultPlan = {
  faults: Faults;
  probe: Probe;
  /** Clients whose end, or whose refused handshake, the functions may not have heard of. */
  mayStay: Set<string>;
  /** Calls back once with the connection id, after so many requests to the table, while it connects. */
  onConnecting: (client: string, afterTableRequests: number, callback: () => void) => void;
  /** From now on nothing goes wrong. */
  stop: () => void;
};

/** The SDK sends a request to DynamoDB up to three times. */
const sdkTries = 3;

/** Milliseconds after which an instance is lost whose event asks the table for nothing. */
const lostAfter = 100;

/** Decides what goes wrong, and tells the model of each connection's id. */
export function faultPlan(
  profile: Profile,
  chances: Chances,
  { model, count }: { model: Model; count: (fault: string) => void },
): FaultPlan {
  let isOn = true;
  const mayStay = new Set<string>();
  const connecting = new Map<string, { after: number; callback: () => void }>();
  /** How often a request still fails that always fails, by its text. */
  const failing = new Map<string, number>();
  const waiting: { left: number; resolve: () => void }[] = [];
  const happens = (label: string, share: number) => isOn && share > 0 && chances(label)() < share;

  function afterTableRequests(requests: number, most: number): Promise<void> {
    return new Promise((resolve) => {
      waiting.push({ left: requests, resolve });
      void sleep(most).then(resolve);
    });
  }

  function passTableRequest(): void {
    for (const entry of waiting) entry.left -= 1;
    for (const { resolve } of waiting.filter(({ left }) => left < 0)) resolve();
    waiting.splice(0, Infinity, ...waiting.filter(({ left }) => left >= 0));
  }

  function instance(functionName: string, event: unknown): Promise<void> | undefined {
    const { routeKey, connectionId, identity } = keysOf(keysOf(event).requestContext);
    const route = text(routeKey) ?? functionName;
    const id = text(connectionId) ?? "";
    if (route === "$connect") {
      const name = text(keysOf(identity).userAgent) ?? "";
      model.identify(name, id);
      const peek = connecting.get(name);
      connecting.delete(name);
      if (peek) void afterTableRequests(peek.after, lostAfter).then(peek.callback);
    }
    const client = model.names.get(id);
    const isEnd = route === "$connect" || route === "$disconnect";
    if (isEnd && client !== undefined && profile.table.errorAlways > 0) mayStay.add(client);
    if (!happens(`instance ${client ?? ""} ${route}`, profile.lostInstances)) return undefined;
    if (isEnd && client !== undefined) mayStay.add(client);
    const requests = Math.floor(chances(`instance ${route}`)() * 5);
    return afterTableRequests(requests, lostAfter).then(() => {
      count("instance lost");
      if (client !== undefined) model.diary.note(client, `the instance at ${route} is lost`);
    });
  }

  /** Whether a request names a client that has no answer to its handshake yet. */
  function isOfConnecting(body: string): boolean {
    return [...model.clients.values()].some(({ name, openedAt, ended }) => {
      const id = model.connectionIds.get(name);
      return openedAt === undefined && !ended && id !== undefined && body.includes(id);
    });
  }

  async function around(
    { operation, input }: { operation: string; input: Record<string, unknown> },
    perform: () => Promise<JsonAnswer>,
  ): Promise<JsonAnswer> {
    passTableRequest();
    const chance = chances(`table ${operation}`);
    if (!isOn) return perform();
    if (profile.slowTable > 0) await sleep(chance() * profile.slowTable);
    const body = JSON.stringify(input);
    const { throttle, error, errorAfter, errorAlways } = profile.table;
    const left = failing.get(body) ?? 0;
    const kind = weighted(chance, [
      ["throttle", throttle],
      ["error", error],
      ["errorAfter", errorAfter],
      ["errorAlways", errorAlways],
      ["none", 1 - throttle - error - errorAfter - errorAlways],
    ] as const);
    if (kind !== "none") count(`table ${kind}`);
    if (kind === "errorAlways" && left === 0) failing.set(body, sdkTries);
    else if (left > 0) failing.set(body, left - 1);
    if (left > 1 || kind === "error" || kind === "errorAlways") {
      return dynamoDbFaultAnswer({ type: "InternalServerError" });
    }
    if (kind === "throttle") return dynamoDbFaultAnswer({ type: "ThrottlingException" });
    const answer = await perform();
    if (kind === "errorAfter") return dynamoDbFaultAnswer({ type: "InternalServerError" });
    if (
      /Put|Write|Update/.test(operation) &&
      isOfConnecting(body) &&
      happens("slow", profile.slowConnects)
    ) {
      count("slow connect");
      await sleep(chances("slow by")() * 2_000);
    }
    return answer;
  }

  return {
    faults: {
      instance,
      post(connectionId) {
        const label = `post ${model.names.get(connectionId) ?? ""}`;
        const { 429: throttled, 500: broken, hang } = profile.posts;
        if (!isOn) return undefined;
        const fault = weighted<PostFault | undefined>(chances(label), [
          [429, throttled],
          [500, broken],
          ["hang", hang],
          [undefined, 1 - throttled - broken - hang],
        ]);
        if (fault !== undefined) count(`post ${fault}`);
        return fault;
      },
      disconnect(connectionId) {
        const client = model.names.get(connectionId) ?? "";
        const isLost = happens(`disconnect ${client}`, profile.lostDisconnects);
        if (isLost) {
          count("$disconnect lost");
          mayStay.add(client);
        }
        return isLost;
      },
    },
    probe: { around, ...(profile.pageItems !== undefined && { pageItems: profile.pageItems }) },
    mayStay,
    onConnecting(client, after, callback) {
      connecting.set(client, { after, callback });
    },
    stop() {
      isOn = false;
    },
  };
}
