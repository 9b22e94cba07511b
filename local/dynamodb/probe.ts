import type { JsonAnswer } from "../shared/aws-json-server.ts";
import type { Engine } from "./engine.ts";

/** What tests and measurements see and change of the tables at work. */
export type Probe = {
  /** Items that a page of a Query has at most, besides DynamoDB's own limit of 1 MB. */
  pageItems?: number;
  /** Called for each request with what it consumed. */
  onUse?: (use: Use) => void;
  /**
   * Stands between a request and the tables: `perform` does what the request says. The response is what
   * it resolves to, which can be late, or a failure before or after the tables have changed.
   */
  around?: (request: ProbedRequest, perform: () => Promise<JsonAnswer>) => Promise<JsonAnswer>;
};

export type ProbedRequest = { operation: string; input: Record<string, unknown> };

/**
 * As in `{ operation: "Query", units: 0.5 }`. The units are read or write units by the operation; a read that finds
 * nothing takes as much as one of up to 4 KB:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export type Use = { operation: string; units: number };

type Perform = Engine["perform"];

/** Returns a `perform` that is seen and changed as the probe says. */
export function probed(perform: Perform, { pageItems, onUse, around }: Probe): Perform {
  return async (target, body) => {
    const operation = target.replace(/^.*\./, "");
    const input = JSON.parse(body.toString()) as Record<string, unknown>;
    if (onUse !== undefined) input.ReturnConsumedCapacity = "TOTAL";
    if (operation === "Query" && pageItems !== undefined) {
      input.Limit = Math.min(pageItems, Number(input.Limit ?? Infinity));
    }
    const performIt = () => perform(target, Buffer.from(JSON.stringify(input)));
    const answer = await (around?.({ operation, input }, performIt) ?? performIt());
    // The tables count none for a Query that finds nothing.
    const least = operation === "Query" ? (input.ConsistentRead === true ? 1 : 0.5) : 0;
    onUse?.({ operation, units: Math.max(least, unitsOf(answer.body)) });
    return answer;
  };
}

/** Returns the units of all tables together. A batch names several tables. */
function unitsOf(json: string): number {
  const { ConsumedCapacity = [] } = JSON.parse(json) as {
    ConsumedCapacity?: Capacity | Capacity[];
  };
  return [ConsumedCapacity].flat().reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
}

type Capacity = { CapacityUnits: number };
