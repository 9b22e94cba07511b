import type { Observe } from "../../local/shared/observe.ts";
import type { Way } from "../api.ts";

/** Milliseconds for which further steps go with the same report. */
const together = 50;

/**
 * Collects what the last publish has used: the function that took it, what that has reached, and the functions
 * that work on the queues among this, with what they have reached. `report` gets it as it grows. Of two
 * publishes at the same time, the steps of both are the way of the later one.
 */
export function wayOf(report: (way: Way) => void): Required<Observe> {
  let route = "";
  const steps = new Map<string, Way["steps"][number]>();
  const reached = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  function take(from: string, to: string): void {
    const key = `${from} ${to}`;
    if (steps.has(key)) return;
    steps.set(key, { from, to });
    reached.add(to);
    timer ??= setTimeout(() => {
      timer = undefined;
      report({ route, steps: [...steps.values()] });
    }, together).unref();
  }

  return {
    invoked(functionArn, sourceArn) {
      const published = publishRoute(sourceArn);
      if (published !== undefined) {
        route = published;
        steps.clear();
        reached.clear();
      }
      if (published !== undefined || reached.has(sourceArn)) take(nodeOf(sourceArn), functionArn);
    },
    decided({ caller, resource, verdict }) {
      const functionArn = functionOf(caller, resource);
      if (verdict === "allowed" && reached.has(functionArn)) take(functionArn, nodeOf(resource));
    },
  };
}

/** Returns the route key of a route that publishes; undefined of anything else. */
function publishRoute(sourceArn: string): string | undefined {
  const [, key] = /^(?:[^:]*:){5}[^/]+\/[^/]+\/(.*)$/.exec(sourceArn) ?? [];
  if (key === "publish") return key;
  const isPublish = key === "POST/" || key === "POST/channels/{channel}/messages";
  return isPublish ? key.replace("/", " /") : undefined;
}

/** Returns the ARN of the function whose role's session acts: it is in the same region as what it uses. */
function functionOf(caller: string, resource: string): string {
  const [, account = "", name = ""] = /::(\d*):assumed-role\/[^/]+\/(.+)$/.exec(caller) ?? [];
  const region = resource.split(":")[3] ?? "";
  return `arn:aws:lambda:${region}:${account}:function:${name}`;
}

/** Returns the ARN of what an ARN is in: of an API's route its API, of an index its table. */
function nodeOf(arn: string): string {
  if (/^[^:]*:[^:]*:execute-api:/.test(arn)) return arn.replace(/\/.*$/, "");
  return arn.replace(/\/index\/.*$/, "");
}
