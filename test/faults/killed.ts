import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { System } from "../../handlers/aws/system.ts";
import type { InvokeResult } from "../../local/shared/invoke.ts";
import { fanout } from "./faulty.ts";
import type { QueueRecord, Scenario } from "./scenario.ts";

/** What an instance of the fanout function does of a job, as far as others notice. */
export type Step = "read" | "post" | "hand-on" | "count" | "removal";

/** When an instance has made so many of these steps. */
export type Moment = { step: Step; after: number };

/**
 * Runs the fanout function on an instance that is killed before it makes a further step of a kind, or
 * else before it answers. Nothing of it gets out any more, whatever it was at, and SQS hears nothing.
 */
export function killedAt(
  { step, after }: Moment,
  scenario: Scenario,
  records: QueueRecord[],
): Promise<InvokeResult> {
  return new Promise<InvokeResult>((resolve) => {
    let made = 0;
    let isDead = false;
    const hasDied = () => isDead;
    const lost: InvokeResult = {
      outcome: "failed",
      errorType: "Runtime.ExitError",
      errorMessage: "lost",
    };
    const die = () => {
      isDead = true;
      resolve(lost);
    };
    /** Nothing that a dead instance does gets out of it, and it hears of nothing. */
    const alive = async <Result>(of: Step, act: () => Promise<Result>): Promise<Result> => {
      if (of === step && made === after) die();
      if (hasDied()) return new Promise(() => undefined);
      if (of === step) made += 1;
      const result = await act();
      return hasDied() ? new Promise(() => undefined) : result;
    };
    const system = stepping(scenario.system, alive);
    void fanout({ system }, records).then((result) => {
      resolve(made === after ? lost : result);
    });
  });
}

/** What an instance asks of the table; all else removes. */
const steps: Record<string, Step> = {
  GetItemCommand: "read",
  QueryCommand: "read",
  PutItemCommand: "count",
};

type Alive = <Result>(of: Step, act: () => Promise<Result>) => Promise<Result>;

/** The same system, each of whose steps goes through `alive`. */
function stepping(system: System, alive: Alive): System {
  const { table, connections, deliveries, deadLetters } = system;
  const { endpoint, region, credentials } = table.client.config;
  const client = new DynamoDBClient({ ...(endpoint && { endpoint }), region, credentials });
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      (args) =>
        alive(steps[commandName] ?? "removal", () => next(args)),
    { step: "initialize" },
  );
  return {
    ...system,
    table: { ...table, client },
    connections: {
      ...connections,
      post: (...frame) => alive("post", () => connections.post(...frame)),
    },
    deliveries: { send: (...jobs) => alive("hand-on", () => deliveries.send(...jobs)) },
    deadLetters: { send: (...jobs) => alive("hand-on", () => deadLetters.send(...jobs)) },
  };
}
