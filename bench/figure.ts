/** One measured figure, and what it is to be. */
export type Figure = {
  what: string;
  value: number;
  /** As it stands after the value; empty where `what` says what is counted. */
  unit: "x" | "µs" | "ms" | "s" | "kB" | "MB" | "";
  goal?: Goal;
};

export type Goal = { atMost: number } | { atLeast: number };

/** A measurement: says on the way how far it is. */
export type Measure = (progress: (text: string) => void) => Promise<Figure[]>;

/** Undefined where there is no goal. */
export function isMet({ value, goal }: Figure): boolean | undefined {
  if (goal === undefined) return undefined;
  return "atMost" in goal ? value <= goal.atMost : value >= goal.atLeast;
}
