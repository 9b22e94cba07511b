/** One measured figure, and its goal. */
export type Figure = {
  what: string;
  value: number;
  /** The unit as it is printed after the value; empty if `what` says what is counted. */
  unit: "x" | "µs" | "ms" | "s" | "kB" | "MB" | "";
  goal?: Goal;
};

export type Goal = { atMost: number } | { atLeast: number };

/** A measurement; `progress` gets a text for each of its steps. */
export type Measure = (progress: (text: string) => void) => Promise<Figure[]>;

/** Returns undefined if there is no goal. */
export function isMet({ value, goal }: Figure): boolean | undefined {
  if (goal === undefined) return undefined;
  return "atMost" in goal ? value <= goal.atMost : value >= goal.atLeast;
}
