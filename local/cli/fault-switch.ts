import type { Faults } from "../shared/faults.ts";
import { readFaults } from "./read-faults.ts";

/** Faults that are switched while a stack runs. */
export type FaultSwitch = {
  /** What the stack asks; the answers follow what is chosen. */
  faults: Faults;
  /** As the command line has them, as in `post:429:10%`. */
  chosen: () => string[];
  /** Takes the place of what was chosen before. Throws a StartError as `readFaults` does, and changes nothing then. */
  choose: (texts: string[]) => void;
};

/** Begins with these faults. Throws a StartError as `readFaults` does. */
export function faultSwitch(texts: string[], random: () => number = Math.random): FaultSwitch {
  let chosen = texts;
  let current = readFaults(texts, random);
  return {
    faults: {
      post: (connectionId) => current.post?.(connectionId),
      dynamodb: (request) => current.dynamodb?.(request),
    },
    chosen: () => chosen,
    choose(texts) {
      current = readFaults(texts, random);
      chosen = texts;
    },
  };
}
