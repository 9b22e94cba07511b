import type { Answer, Engine } from "./engine.ts";

/** Looks at the tables at work, and makes their pages small: for tests and measurements. */
export type Probe = {
  /** Items that a page of a Query holds at most, beside DynamoDB's own 1 MB. */
  pageItems?: number;
  /** Called for each request with what it took. */
  onUse?: (use: Use) => void;
  /**
   * Stands between a request and the tables: `perform` does what the request says. What it resolves to
   * is answered, so an answer can be late, or be a failure before or after the tables have changed.
   */
  around?: (request: ProbedRequest, perform: () => Promise<Answer>) => Promise<Answer>;
};

export type ProbedRequest = { operation: string; input: Record<string, unknown> };

/** As in `{ operation: "Query", units: 0.5 }`; the units are read or write units by the operation. */
export type Use = { operation: string; units: number };

type Perform = Engine["perform"];

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
    onUse?.({ operation, units: unitsOf(answer.body) });
    return answer;
  };
}

/** The units of every table that an answer names: one of an item's request, several of a batch's. */
function unitsOf(json: string): number {
  const { ConsumedCapacity = [] } = JSON.parse(json) as {
    ConsumedCapacity?: Capacity | Capacity[];
  };
  return [ConsumedCapacity].flat().reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
}

type Capacity = { CapacityUnits: number };
