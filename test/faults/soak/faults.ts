import type { Probe } from "../../../local/dynamodb/probe.ts";
import type { Faults, PostFault } from "../../../local/shared/faults.ts";
import { weighted, type Chances } from "./chances.ts";
import { keysOf, text } from "./json.ts";
import type { Model } from "./model.ts";
import type { Profile } from "./profile.ts";
import { tableFaults } from "./table-faults.ts";

export type FaultPlan = {
  faults: Faults;
  probe: Probe;
  /** Clients whose end, or whose refused handshake, the functions may not have heard of. */
  mayStay: Set<string>;
  /** Calls back once while a client connects, after so many requests to the table. */
  onConnecting: (client: string, afterTableRequests: number, callback: () => void) => void;
  /** From now on nothing goes wrong. */
  stop: () => void;
};

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
  const happens = (label: string, share: number) => isOn && share > 0 && chances(label)() < share;
  const table = tableFaults(profile, chances, { model, count, isOn: () => isOn });

  function beginConnect(name: string, connectionId: string): void {
    model.identify(name, connectionId);
    const peek = connecting.get(name);
    connecting.delete(name);
    if (peek) void table.afterRequests(peek.after, lostAfter).then(peek.callback);
  }

  function instance(functionName: string, event: unknown): Promise<void> | undefined {
    const { routeKey, connectionId, identity } = keysOf(keysOf(event).requestContext);
    const route = text(routeKey) ?? functionName;
    const id = text(connectionId) ?? "";
    if (route === "$connect") beginConnect(text(keysOf(identity).userAgent) ?? "", id);
    const client = model.names.get(id);
    const isLost = happens(`instance ${client ?? ""} ${route}`, profile.lostInstances);
    const isBorder = route === "$connect" || route === "$disconnect";
    // Where a request to the table fails for good, so does the event.
    const mayFail = isLost || profile.table.errorAlways > 0;
    if (isBorder && mayFail && client !== undefined) mayStay.add(client);
    if (!isLost) return undefined;
    const requests = Math.floor(chances(`instance ${route}`)() * 5);
    return table.afterRequests(requests, lostAfter).then(() => {
      count("instance lost");
      if (client !== undefined) model.diary.note(client, `the instance at ${route} is lost`);
    });
  }

  function post(connectionId: string): PostFault | undefined {
    if (!isOn) return undefined;
    const client = model.names.get(connectionId) ?? "";
    const { 429: throttled, 500: broken, hang } = profile.posts;
    const fault = weighted<PostFault | undefined>(chances(`post ${client}`), [
      [429, throttled],
      [500, broken],
      ["hang", hang],
      [undefined, 1 - throttled - broken - hang],
    ]);
    if (fault === undefined) return undefined;
    count(`post ${fault}`);
    model.diary.note(client, `a post gets ${fault}`);
    return fault;
  }

  function disconnect(connectionId: string): boolean {
    const client = model.names.get(connectionId) ?? "";
    if (!happens(`disconnect ${client}`, profile.lostDisconnects)) return false;
    count("$disconnect lost");
    model.diary.note(client, "its $disconnect is lost");
    mayStay.add(client);
    return true;
  }

  const { pageItems } = profile;
  return {
    faults: { instance, post, disconnect },
    probe: { around: table.around, ...(pageItems !== undefined && { pageItems }) },
    mayStay,
    onConnecting(client, after, callback) {
      connecting.set(client, { after, callback });
    },
    stop() {
      isOn = false;
    },
  };
}
