import type { DynamoDbFault, Faults, PostFault } from "../shared/faults.ts";
import { StartError } from "../shared/start-error.ts";

const postFaults = new Map<string, PostFault>([
  ["post:410", 410],
  ["post:429", 429],
  ["post:500", 500],
  ["post:hang", "hang"],
]);
const dynamoDbFaults = new Map<string, DynamoDbFault>([
  ["dynamodb:throttle", { type: "ThrottlingException" }],
  ["dynamodb:error", { type: "InternalServerError" }],
]);

/** `<where>:<what>` of every fault that there is. */
export const faultKinds: readonly string[] = [...postFaults.keys(), ...dynamoDbFaults.keys()];

/**
 * Reads faults as the command line has them, `<where>:<what>:<share>`: `post:429:10%` is a tenth of
 * all posts. `random` gives numbers from 0 to below 1.
 * Throws a StartError that names the fault which is wrong, and what would be right.
 */
export function readFaults(texts: string[], random: () => number = Math.random): Faults {
  const chosen = texts.map(readFault);
  return {
    post: byChance(chosen, postFaults, random),
    dynamodb: byChance(chosen, dynamoDbFaults, random),
  };
}

type ChosenFault = { kind: string; percent: number };

function readFault(text: string): ChosenFault {
  const [, kind = "", share = ""] = /^([^:]*:[^:]*)(?::(.*))?$/.exec(text) ?? [];
  if (!faultKinds.includes(kind)) {
    throw new StartError(
      `--fault "${text}" is unknown: there are ${faultKinds.join(", ")}, each with a share, as in post:429:10%.`,
    );
  }
  const percent = /^\d+(\.\d+)?%$/.test(share) ? Number.parseFloat(share) : 0;
  if (percent <= 0 || percent > 100) {
    throw new StartError(
      `--fault "${text}" has no share above 0% and up to 100%, as in ${kind}:10%.`,
    );
  }
  return { kind, percent };
}

/** Undefined where none of the faults was chosen. */
function byChance<Fault>(
  chosen: ChosenFault[],
  faults: ReadonlyMap<string, Fault>,
  random: () => number,
): (() => Fault | undefined) | undefined {
  const shares = chosen.filter(({ kind }) => faults.has(kind));
  if (shares.length === 0) return undefined;
  const sum = shares.reduce((total, { percent }) => total + percent, 0);
  if (sum > 100) {
    const named = shares.map(({ kind, percent }) => `${kind}:${percent}%`).join(", ");
    throw new StartError(`--fault ${named}: the shares come to ${sum}%, and 100% is all there is.`);
  }
  return () => {
    let drawn = random() * 100;
    for (const { kind, percent } of shares) {
      if (drawn < percent) return faults.get(kind);
      drawn -= percent;
    }
    return undefined;
  };
}
