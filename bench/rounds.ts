/**
 * Measures `count` rounds. A round measures everything that is compared, side by side: what slows the
 * machine meanwhile slows all of it. The first round, in which code is compiled and sockets are
 * opened, does not count.
 */
export async function rounds<Round>(
  count: number,
  measure: () => Promise<Round>,
  progress: (text: string) => void,
): Promise<Round[]> {
  progress("warming up");
  await measure();
  const measured: Round[] = [];
  while (measured.length < count) {
    progress(`round ${measured.length + 1} of ${count}`);
    measured.push(await measure());
  }
  return measured;
}

/** Returns the value in the middle, or the mean of the two in the middle; NaN if there is none. */
export function median(values: number[]): number {
  return (quantile(values, 0.5, Math.floor) + quantile(values, 0.5, Math.ceil)) / 2;
}

/** Returns the value below which this share of all values is, such as 0.99; NaN if there is none. */
export function percentile(values: number[], share: number): number {
  return quantile(values, share, Math.ceil);
}

function quantile(values: number[], share: number, round: (at: number) => number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[round(share * (sorted.length - 1))] ?? NaN;
}
